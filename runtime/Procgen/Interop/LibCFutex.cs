using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Linux's futexes between processes: sleep while a word has a value, wake sleepers.</summary>
internal static unsafe partial class LibCFutex
{
    /// <summary>How many words one <see cref="WaitAny"/> takes.</summary>
    public const int MaxWaitAny = 128;

    private const int FutexWait = 0;
    private const int FutexWake = 1;
    private const int WaitVNumber = 449;
    private const uint Size32 = 2;
    private const int ClockMonotonic = 1;

    private const int ErrorNotImplemented = 38;
    private const int ErrorPermission = 1;
    private const int ErrorTimedOut = 110;

    private static readonly nint Number = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm or Architecture.X86 => 240,
        Architecture.S390x => 238,
        Architecture.Ppc64le => 221,
        _ => 98,
    };

    private static volatile bool s_waitAnyWorks = OperatingSystem.IsLinux();

    /// <summary>False where the kernel (before 5.16) or a sandbox has no futex_waitv.</summary>
    public static bool WaitAnyWorks => s_waitAnyWorks;

    /// <summary>Sleeps while the word is <paramref name="expected"/>; may return early.</summary>
    /// <returns>False when the time was up.</returns>
    public static bool Wait(int* word, int expected, int milliseconds)
    {
        TimeSpec time = TimeSpec.FromMilliseconds(milliseconds);
        nint result = SystemCall(Number, (nint)word, FutexWait, expected, milliseconds < 0 ? 0 : (nint)(&time), 0, 0);
        return result == 0 || Marshal.GetLastPInvokeError() != ErrorTimedOut;
    }

    public static void Wake(int* word, int count) => SystemCall(Number, (nint)word, FutexWake, count, 0, 0, 0);

    /// <summary>Sleeps while every word has its expected value. May return early for any reason.</summary>
    public static void WaitAny(ReadOnlySpan<WaitEntry> words, int milliseconds)
    {
        // Absolute time, on the clock that Stopwatch reads here.
        TimeSpec until = TimeSpec.FromNanoseconds((Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency)) + (milliseconds * 1_000_000L));
        fixed (WaitEntry* first = words)
        {
            nint result = SystemCall(WaitVNumber, (nint)first, words.Length, 0, milliseconds < 0 ? 0 : (nint)(&until), ClockMonotonic, 0);
            if (result < 0 && Marshal.GetLastPInvokeError() is ErrorNotImplemented or ErrorPermission) s_waitAnyWorks = false;
        }
    }

    // Variadic in C; on Linux the arguments go where those of a plain function go.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [StructLayout(LayoutKind.Sequential)]
    public struct WaitEntry(int* word, int expected)
    {
        public ulong Expected = (uint)expected;
        public ulong Address = (ulong)word;
        public uint Flags = Size32;
        public uint Reserved;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;

        public static TimeSpec FromMilliseconds(int milliseconds) => FromNanoseconds(milliseconds * 1_000_000L);

        public static TimeSpec FromNanoseconds(long nanoseconds) =>
            new() { Seconds = (nint)(nanoseconds / 1_000_000_000), Nanoseconds = (nint)(nanoseconds % 1_000_000_000) };
    }
}
