namespace Procgen.Queues;
internal static class SpinGate
{
    public static bool IsOpen => Environment.ProcessorCount > 1;
}
