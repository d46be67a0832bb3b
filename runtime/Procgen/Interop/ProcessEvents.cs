using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>Waits for the end of many processes at once (Linux 5.3 and later).</summary>
/// <remarks>Any thread may add and remove while one waits.</remarks>
internal sealed unsafe class ProcessEvents
{
    private const int Room = 16;

    private readonly int _events;

    private ProcessEvents(int events) => _events = events;

    /// <summary>struct epoll_event: 32 bits of events and 64 of data, packed on x86 and aligned elsewhere.</summary>
    private static int EntrySize => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;

    private static int DataOffset => EntrySize - sizeof(ulong);

    /// <summary>Null where the system has no such thing, or a sandbox forbids it.</summary>
    public static ProcessEvents? TryCreate()
    {
        if (!OperatingSystem.IsLinux()) return null;
        int self = LibC.OpenProcess(Environment.ProcessId);
        if (self < 0) return null;
        _ = LibC.close(self);
        int events = LibC.epoll_create1(LibC.EventsCloseOnExec);
        return events < 0 ? null : new ProcessEvents(events);
    }

    /// <summary>Watches <paramref name="process"/>, a child that has not been reaped. False where the system is out of descriptors.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="key">What <see cref="Wait"/> calls it.</param>
    /// <param name="descriptor">Of the process: to be removed and closed once.</param>
    public bool TryAdd(int process, long key, out int descriptor)
    {
        descriptor = LibC.OpenProcess(process);
        if (descriptor < 0) return false;
        byte* entry = stackalloc byte[16];
        *(uint*)entry = LibC.EventReadable;
        *(long*)(entry + DataOffset) = key;
        if (LibC.epoll_ctl(_events, LibC.EventAdd, descriptor, entry) == 0) return true;
        Close(descriptor);
        return false;
    }

    /// <summary>Watches it no longer, and leaves it open. What <see cref="Wait"/> returns next may still name it.</summary>
    public void Remove(int descriptor)
    {
        byte* unused = stackalloc byte[16];
        _ = LibC.epoll_ctl(_events, LibC.EventRemove, descriptor, unused);
    }

    public static void Close(int descriptor) => _ = LibC.close(descriptor);

    /// <summary>Blocks until some have ended and puts their keys into <paramref name="ended"/>.</summary>
    public void Wait(List<long> ended)
    {
        ended.Clear();
        byte* entries = stackalloc byte[16 * Room];
        int count;
        do count = LibC.epoll_wait(_events, entries, Room, -1);
        while (count < 0 && Marshal.GetLastPInvokeError() == LibC.Error.Interrupted);
        for (int i = 0; i < count; i++) ended.Add(*(long*)(entries + (i * EntrySize) + DataOffset));
    }
}
