namespace Procgen.Synchronization;

/// <summary>The error of a lock whose holder died: its words in one place.</summary>
internal static class Abandoned
{
    public static AbandonedMutexException Error() =>
        new("The process that held this lock ended without releasing it. The caller holds the lock now; what it protects may be half changed.");
}
