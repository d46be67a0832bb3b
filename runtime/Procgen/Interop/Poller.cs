using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary><c>poll</c> with a deadline that holds when signals interrupt it.</summary>
internal static unsafe class Poller
{
    /// <summary>Whether <paramref name="descriptor"/> has bytes, end of stream or an error to read within <paramref name="milliseconds"/>; -1 waits for ever.</summary>
    public static bool WaitReadable(int descriptor, int milliseconds)
    {
        LibC.PollEntry entry = new() { Descriptor = descriptor, Wanted = LibC.PollReadable };
        return Wait(new Span<LibC.PollEntry>(ref entry), milliseconds) > 0;
    }

    /// <summary>Waits until one of <paramref name="entries"/> has something; the number that do. Negative descriptors are left out.</summary>
    public static int Wait(Span<LibC.PollEntry> entries, int milliseconds)
    {
        long deadline = milliseconds < 0 ? long.MaxValue : Environment.TickCount64 + milliseconds;
        while (true)
        {
            int ready;
            fixed (LibC.PollEntry* first = entries) ready = LibC.poll(first, (nuint)entries.Length, milliseconds);
            if (ready >= 0) return ready;
            int error = Marshal.GetLastPInvokeError();
            if (error != LibC.Error.Interrupted) throw new IOException($"Could not wait for a pipe: {LibC.Describe(error)}.", error);
            if (milliseconds > 0) milliseconds = (int)Math.Max(0, deadline - Environment.TickCount64);
        }
    }
}
