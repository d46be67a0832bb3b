using Procgen;

namespace ImportedWorker;

/// <summary>A target in another assembly. The executable that refers to it registers it by itself.</summary>
public static class Imported
{
    [ProcessTarget]
    public static void Worker() => Console.WriteLine($"Worker of {typeof(Imported).Assembly.GetName().Name}");
}
