using Procgen.Tests.SharedMemory;

namespace Procgen.Tests.Synchronization;

/// <summary>What the tests of locks and their like run in child processes.</summary>
internal static class SyncJobs
{
    [ProcessTarget]
    public static void HoldLock(ProcessLock mutex, ProcessEvent held)
    {
        mutex.Acquire();
        held.Set();
        Thread.Sleep(Timeout.Infinite);
    }

    [ProcessTarget]
    public static void EndHoldingLock(ProcessLock mutex) => mutex.Acquire();

    [ProcessTarget]
    public static bool TryLock(ProcessLock mutex) => mutex.TryAcquire();

    [ProcessTarget]
    public static void ReleaseLock(ProcessLock mutex) => mutex.Release();

    [ProcessTarget]
    public static async Task<int> CountAsync(ProcessLock mutex, SharedValue<int> counter, int times)
    {
        for (int i = 0; i < times; i++)
        {
            using (await mutex.AcquireAsync()) counter.Value++;
        }

        return times;
    }

    [ProcessTarget]
    public static void Count(ProcessLock mutex, SharedValue<int> counter, int times)
    {
        for (int i = 0; i < times; i++)
        {
            using (mutex.EnterScope()) counter.Value++;
        }
    }

    [ProcessTarget]
    public static void HoldRecursiveLock(ProcessRecursiveLock mutex, ProcessEvent held)
    {
        mutex.Acquire();
        mutex.Acquire();
        held.Set();
        Thread.Sleep(Timeout.Infinite);
    }

    [ProcessTarget]
    public static bool TryRecursiveLock(ProcessRecursiveLock mutex) => mutex.TryAcquire();

    [ProcessTarget]
    public static void ReleaseRecursiveLock(ProcessRecursiveLock mutex) => mutex.Release();

    [ProcessTarget]
    public static void CountRecursively(SharedValue<int> counter, int times)
    {
        for (int i = 0; i < times; i++)
        {
            using (counter.Lock.EnterScope())
            using (counter.Lock.EnterScope())
                counter.Value++;
        }
    }

    [ProcessTarget]
    public static void HoldPermits(ProcessSemaphore semaphore, int count, ProcessEvent held)
    {
        for (int i = 0; i < count; i++) semaphore.Acquire();
        held.Set();
        Thread.Sleep(Timeout.Infinite);
    }

    [ProcessTarget]
    public static void TakePermits(ProcessSemaphore semaphore, int count)
    {
        for (int i = 0; i < count; i++) semaphore.Acquire();
    }

    [ProcessTarget]
    public static void ReleasePermits(ProcessSemaphore semaphore, int count) => semaphore.Release(count);

    [ProcessTarget]
    public static int MostInside(ProcessSemaphore semaphore, SharedValue<int> inside, int times)
    {
        int most = 0;
        for (int i = 0; i < times; i++)
        {
            semaphore.Acquire();
            most = Math.Max(most, Interlocked.Increment(ref inside.Value));
            Thread.Yield();
            Interlocked.Decrement(ref inside.Value);
            semaphore.Release();
        }

        return most;
    }

    [ProcessTarget]
    public static void SetEvent(ProcessEvent signal) => signal.Set();

    [ProcessTarget]
    public static bool WaitForEvent(ProcessEvent arrived, ProcessEvent signal)
    {
        arrived.Set();
        return signal.Wait();
    }

    [ProcessTarget]
    public static void Echo(ProcessEvent request, ProcessEvent answer, int times)
    {
        for (int i = 0; i < times; i++)
        {
            request.Wait();
            request.Reset();
            answer.Set();
        }
    }

    [ProcessTarget]
    public static bool WaitForCondition(ProcessCondition condition, ProcessSemaphore sleeping, ProcessSemaphore woken, TimeSpan timeout)
    {
        using (condition.EnterScope())
        {
            sleeping.Release();
            bool notified = condition.Wait(timeout);
            woken.Release();
            return notified;
        }
    }

    [ProcessTarget]
    public static bool WaitForValue(ProcessCondition condition, SharedValue<int> state, ProcessEvent ready, int value, TimeSpan timeout)
    {
        using (condition.EnterScope())
        {
            ready.Set();
            return condition.WaitFor(() => state.Value == value, timeout);
        }
    }

    [ProcessTarget]
    public static int[] PassBarrier(ProcessBarrier barrier, int rounds)
    {
        var places = new int[rounds];
        for (int i = 0; i < rounds; i++) places[i] = barrier.Wait();
        return places;
    }

    [ProcessTarget]
    public static void MeetInSteps(ProcessBarrier barrier, SharedArray<int> steps, int me, int rounds)
    {
        for (int round = 1; round <= rounds; round++)
        {
            Volatile.Write(ref steps[me], round);
            barrier.Wait();
            foreach (int step in steps.Span)
            {
                if (step < round) throw new InvalidOperationException($"party {me} passed round {round} while another was at {step}");
            }

            barrier.Wait();
        }
    }

    [ProcessTarget]
    public static string BreakOn(ProcessBarrier barrier)
    {
        try
        {
            barrier.Wait();
            return "passed";
        }
        catch (BarrierBrokenException)
        {
            return "broken";
        }
    }

    [ProcessTarget]
    public static void AddOne(SharedValue<int> value)
    {
        using (value.Lock.EnterScope()) value.Value++;
    }

    [ProcessTarget]
    public static void SetAndWait(ProcessEvent begun, ProcessEvent finish)
    {
        begun.Set();
        finish.Wait();
    }

    [ProcessTarget]
    public static void Fail() => throw new InvalidOperationException("the action failed");

    [ProcessTarget]
    public static void EndProcess() => Environment.FailFast(null);

    /// <summary>Sums, and says how much memory of its own and how much shared memory this process has more than before.</summary>
    [ProcessTarget]
    public static (double Sum, long Own, long Shared) SumAndWeigh(SharedArray<double> array)
    {
        long own = Footprint.ReadStatus("RssAnon");
        long shared = Footprint.ReadStatus("RssShmem");
        double sum = Sum(array);
        return (sum, Footprint.ReadStatus("RssAnon") - own, Footprint.ReadStatus("RssShmem") - shared);
    }

    [ProcessTarget]
    public static double Sum(SharedArray<double> array)
    {
        double sum = 0;
        foreach (double value in array.Span) sum += value;
        return sum;
    }

    [ProcessTarget]
    public static void Square(SharedArray<int> array)
    {
        foreach (ref int value in array.Span) value *= value;
    }

    [ProcessTarget]
    public static ProcessLock MakeHeldLock()
    {
        ProcessLock made = new();
        made.Acquire();
        return made;
    }

    [ProcessTarget]
    public static SharedArray<int> MakeArray(int length)
    {
        SharedArray<int> made = new(length);
        for (int i = 0; i < length; i++) made[i] = i;
        return made;
    }
}
