namespace Procgen.Synchronization;

/// <summary>The error of a broken barrier, wherever its state lives: its words in one place.</summary>
internal static class BarrierErrors
{
    public static BarrierBrokenException Broken() =>
        new("The barrier is broken: it was aborted or reset, a party timed out or died, or its action failed. Reset() makes it usable again.");
}
