using System.Runtime.CompilerServices;

namespace Procgen.Interop;

/// <summary>
/// Copies of many megabytes, which two threads make: one processor does not read and write as fast as the memory can, and
/// where the target is fresh memory, most of the time goes into the pages that the system makes of it.
/// </summary>
internal static unsafe class LargeCopies
{
    /// <summary>What a thread copies at a time, of the target: whole pages of any size.</summary>
    private const nint PieceLength = 2 << 20;

    /// <summary>Shorter ones are over before another thread is awake.</summary>
    private const nint MinLength = 2 * PieceLength;

    /// <summary>A piece takes a fraction of a millisecond: who still waits then waits for a thread that needs the processor.</summary>
    private const int YieldsBeforeSleep = 1000;

    /// <summary>Copies memory to other memory, which it does not overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (source.Length < MinLength) source.CopyTo(target);
        else CopyTogether(source, target);
    }

    private static void CopyTogether(ReadOnlySpan<byte> source, Span<byte> target)
    {
        fixed (byte* from = source, to = target[..source.Length])
        {
            var copy = new Copying(from, to, source.Length);
            if (Environment.ProcessorCount > 1) ThreadPool.UnsafeQueueUserWorkItem(copy, preferLocal: false);
            copy.Execute();
            copy.Wait();
        }
    }

    /// <summary>Whoever is free takes the next piece, so that nobody waits for a thread that has not begun.</summary>
    private sealed class Copying(byte* from, byte* to, nint length) : IThreadPoolWorkItem
    {
        // How far into its large page the target begins.
        private readonly nint _lead = (nint)to & (PieceLength - 1);
        private int _next = -1;
        private long _copied;

        public void Execute()
        {
            while (true)
            {
                nint start = (Interlocked.Increment(ref _next) * PieceLength) - _lead;
                if (start >= length) return;
                nint end = Math.Min(start + PieceLength, length);
                start = Math.Max(start, 0);
                if (OperatingSystem.IsLinux()) Populate(to + start, to + end);
                Buffer.MemoryCopy(from + start, to + start, end - start, end - start);
                Interlocked.Add(ref _copied, end - start);
            }
        }

        /// <summary>
        /// Has fresh pages made together: one by one, as they are touched, takes longer. No large ones: those that a virtual
        /// machine has not used for seconds its host may have taken back, and getting them again takes ten times as long.
        /// </summary>
        private static void Populate(byte* from, byte* to)
        {
            nint page = Environment.SystemPageSize;
            nint start = ((nint)from + page - 1) & -page;
            nint length = ((nint)to & -page) - start;
            if (length > 0 && !AreThere((byte*)start, length, (int)(length / page))) _ = LibCMemory.Advise((byte*)start, length, LibCMemory.PopulateForWriting);
        }

        /// <summary>To ask costs a tenth of having pages made that are there: memory that is used again is the rule.</summary>
        private static bool AreThere(byte* start, nint length, int pages)
        {
            byte* arePresent = stackalloc byte[pages];
            return LibCMemory.InCore(start, length, arePresent) == 0 && !new ReadOnlySpan<byte>(arePresent, pages).Contains((byte)0);
        }

        public void Wait()
        {
            var spinner = default(SpinWait);
            while (Volatile.Read(ref _copied) < length) spinner.SpinOnce(YieldsBeforeSleep);
        }
    }
}
