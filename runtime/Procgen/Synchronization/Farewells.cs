namespace Procgen.Synchronization;

/// <summary>
/// What this process tells the others when it ends in good order: that permits which it has taken and not given back
/// stay taken, as in Python. A process that is killed says nothing, and its permits come back.
/// </summary>
/// <remarks>
/// Thread-safe. Runs at ProcessExit; a worker that ends by other ways in good order calls <see cref="SayAll"/> before.
/// </remarks>
internal static class Farewells
{
    private static readonly HashSet<SharedSemaphoreState> s_semaphores = [];

    static Farewells() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => SayAll();

    public static void Add(SharedSemaphoreState semaphore)
    {
        lock (s_semaphores) s_semaphores.Add(semaphore);
    }

    /// <returns>True when no other handle of this process leads to the same semaphore.</returns>
    public static bool RemoveLast(SharedSemaphoreState semaphore)
    {
        lock (s_semaphores)
        {
            if (!s_semaphores.Remove(semaphore)) return false;
            foreach (SharedSemaphoreState other in s_semaphores)
            {
                if (other.BlockId == semaphore.BlockId) return false;
            }

            return true;
        }
    }

    /// <summary>Says them all. Idempotent.</summary>
    public static void SayAll()
    {
        lock (s_semaphores)
        {
            foreach (SharedSemaphoreState semaphore in s_semaphores) semaphore.KeepPermits();
            s_semaphores.Clear();
        }
    }
}
