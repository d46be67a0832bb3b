using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.Versioning;

namespace Procgen.Shared;

/// <summary>
/// Windows waits on addresses within one process only, so each word that somebody sleeps on has a named semaphore.
/// Permits that nobody was waiting for make a later sleeper return early, which every sleeper allows for.
/// </summary>
[SupportedOSPlatform("windows")]
internal static class WordSemaphores
{
    private const int MaxPermits = 64;

    private static readonly ConcurrentDictionary<(Guid Block, long Place), Semaphore> s_semaphores = new();

    public static bool Wait(in WaitWord word, Guid block, long place, int expected, int milliseconds)
    {
        Semaphore semaphore = Open(block, place);
        return word.Read() != expected || semaphore.WaitOne(milliseconds);
    }

    public static void Wake(Guid block, long place, int count)
    {
        Semaphore semaphore = Open(block, place);
        for (int woken = Math.Min(count, MaxPermits); woken > 0; woken /= 2)
        {
            try
            {
                semaphore.Release(woken);
                return;
            }
            catch (SemaphoreFullException)
            {
                // Fewer sleepers than permits already: try with fewer.
            }
        }
    }

    /// <summary>Closes the semaphores of a block that this process no longer holds.</summary>
    public static void Forget(Guid block)
    {
        foreach ((Guid Block, long Place) key in s_semaphores.Keys)
        {
            if (key.Block == block && s_semaphores.TryRemove(key, out Semaphore? semaphore)) semaphore.Dispose();
        }
    }

    private static Semaphore Open(Guid block, long place) => s_semaphores.GetOrAdd(
        (block, place),
        static key => new Semaphore(0, MaxPermits, string.Create(CultureInfo.InvariantCulture, $@"Local\Procgen-{key.Block:N}-{key.Place}")));
}
