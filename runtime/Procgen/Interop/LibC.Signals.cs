using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Signals.</summary>
internal static partial class LibC
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Killed = 9;
    public const int Terminated = 15;

    /// <summary>The handler that is the default action.</summary>
    public const nint DefaultAction = 0;

    /// <summary>The handler that ignores. It is the one handler that survives the start of another program.</summary>
    public const nint Ignore = 1;

    public static int ChildEnded => OperatingSystem.IsMacOS() ? 20 : 17;

    public static int Continue => OperatingSystem.IsMacOS() ? 19 : 18;

    public static int Stop => OperatingSystem.IsMacOS() ? 17 : 19;

    public static int MaskUnblock => OperatingSystem.IsMacOS() ? 2 : 1;

    /// <summary>As large as the largest <c>sigset_t</c>: 128 bytes in glibc and musl, 4 on macOS.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    public struct SignalSet
    {
        private ulong _first;
    }

    /// <summary>Linux only: <paramref name="signal"/> for this process when the thread that started it ends. Each thread has a wish of its own.</summary>
    public static void TellOfParentsEnd(int signal)
    {
        const int SetParentDeathSignal = 1;
        _ = prctl(SetParentDeathSignal, signal, 0, 0, 0);
    }

    /// <summary>Linux only: the name of the calling thread, of which the main one's is the process's.</summary>
    public static unsafe void SetProcessName(string name)
    {
        const int SetName = 15;
        Span<byte> text = stackalloc byte[16];
        System.Text.Unicode.Utf8.FromUtf16(name, text[..^1], out _, out _);
        fixed (byte* first = text) _ = prctl(SetName, (nint)first, 0, 0, 0);
    }

    /// <summary>Sets a handler; the previous one, or -1.</summary>
    [LibraryImport(Library)]
    public static partial nint signal(int signal, nint handler);

    /// <summary>Asked for the present action only. Its handler is the first field on every system.</summary>
    [LibraryImport(Library)]
    public static unsafe partial int sigaction(int signal, void* action, void* present);

    [LibraryImport(Library)]
    public static unsafe partial int sigemptyset(SignalSet* set);

    [LibraryImport(Library)]
    public static unsafe partial int sigfillset(SignalSet* set);

    [LibraryImport(Library)]
    public static unsafe partial int sigaddset(SignalSet* set, int signal);

    [LibraryImport(Library)]
    public static unsafe partial int sigdelset(SignalSet* set, int signal);

    [LibraryImport(Library)]
    public static unsafe partial int pthread_sigmask(int how, SignalSet* set, SignalSet* previous);

    [LibraryImport(Library)]
    private static partial int prctl(int option, nint first, nint second, nint third, nint fourth);
}
