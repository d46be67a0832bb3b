using Procgen.Calls;
using Procgen.Launching;

namespace Procgen.Worker;

/// <summary>What a worker writes to standard error of what made its target, or what it left, fail. Apart, so that a call that returns loads no console.</summary>
internal static class LastWords
{
    public static void Print(Exception error) => Console.Error.WriteLine($"Process {FamilyMember.Current.Name}:{Environment.NewLine}{RemoteError.Describe(error)}");
}
