using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Procgen.Interop;

namespace Procgen.Shared;

/// <summary>
/// One run of one process: its id and when it began, so that a process that got a dead one's id is not taken for it.
/// </summary>
internal readonly struct ProcessIdentity : IEquatable<ProcessIdentity>
{
    /// <summary>How many bits a <see cref="Tag"/> has.</summary>
    public const int TagBits = 43;

    private const int StartBits = 21;
    private const long StartMask = (1L << StartBits) - 1;
    private const long ProcessIdMask = (1L << (TagBits - StartBits)) - 1;

    /// <summary>A start that could not be read, for want of a descriptor for one.</summary>
    private const long Unknown = -1;

    private static readonly long s_goodFor = Stopwatch.Frequency / 2000;

    // Racing threads at worst believe old news for half a millisecond more.
    private static readonly (long Tag, long Since)[] s_alive = new (long, long)[64];

    private ProcessIdentity(int processId, long start)
    {
        ProcessId = processId;
        Start = start;
    }

    public int ProcessId { get; }

    /// <summary>When it began, in the system's own units; 0 when that cannot be known.</summary>
    public long Start { get; }

    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } = Of(Environment.ProcessId);

    /// <summary>The identity in 43 bits, never 0: what fits into a shared word beside a few flags.</summary>
    public long Tag => ((long)ProcessId << StartBits) | (Start & StartMask);

    /// <summary>Whether this very process still runs. A dead one that nobody has reaped does not.</summary>
    public bool IsAlive => IsTagAlive(Tag);

    /// <summary>The process that has this id now.</summary>
    public static ProcessIdentity Of(int processId) => new(processId, ReadStart(processId));

    /// <summary>Rebuilds what was written as two numbers.</summary>
    public static ProcessIdentity From(int processId, long start) => new(processId, start);

    /// <summary>The process id in a <see cref="Tag"/>.</summary>
    public static int ProcessIdOf(long tag) => (int)((tag >> StartBits) & ProcessIdMask);

    /// <summary>Whether the process behind a <see cref="Tag"/> still runs: a few microseconds, nothing for this process.</summary>
    /// <remarks>Good news is good for half a millisecond, so that those who ask again and again do not read a file each time.</remarks>
    public static bool IsTagAlive(long tag)
    {
        if (tag == Current.Tag) return true;
        int processId = ProcessIdOf(tag);
        if (processId == Current.ProcessId || processId == 0) return false;

        ref (long Tag, long Since) known = ref s_alive[processId % s_alive.Length];
        long now = Stopwatch.GetTimestamp();
        if (Volatile.Read(ref known.Tag) == tag && now - Volatile.Read(ref known.Since) < s_goodFor) return true;
        long start = ReadStart(processId);

        // To take a dead process for a living one costs time, the other way round it costs what a lock protects.
        if (start == Unknown) return true;
        if (start == 0 || (start & StartMask) != (tag & StartMask)) return false;
        Volatile.Write(ref known.Since, now);
        Volatile.Write(ref known.Tag, tag);
        return true;
    }

    public bool Equals(ProcessIdentity other) => ProcessId == other.ProcessId && Start == other.Start;

    public override bool Equals(object? obj) => obj is ProcessIdentity other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(ProcessId, Start);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ProcessId}@{Start}");

    private static long ReadStart(int processId)
    {
        if (OperatingSystem.IsLinux()) return ReadStatus(processId);
        if (OperatingSystem.IsMacOS()) return LibSystemWait.StartTime(processId);
        try
        {
            using Process process = Process.GetProcessById(processId);
            return process.HasExited ? 0 : process.StartTime.ToUniversalTime().Ticks;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return 0;
        }
    }

    /// <summary>Reads /proc/id/stat: the state after the last ')', the start time 19 fields on.</summary>
    private static unsafe long ReadStatus(int processId)
    {
        Span<byte> path = stackalloc byte[32];
        "/proc/"u8.CopyTo(path);
        processId.TryFormat(path[6..], out int digits, provider: CultureInfo.InvariantCulture);
        "/stat\0"u8.CopyTo(path[(6 + digits)..]);

        Span<byte> text = stackalloc byte[512];
        int length;
        fixed (byte* name = path)
        fixed (byte* buffer = text)
        {
            int descriptor = LibCMemory.Open(name, LibCMemory.CloseOnExec);
            if (descriptor < 0) return Marshal.GetLastPInvokeError() is LibCMemory.ErrorNoEntry or LibCMemory.ErrorNoProcess ? 0 : Unknown;
            length = (int)LibCMemory.Read(descriptor, buffer, text.Length);
            _ = LibCMemory.Close(descriptor);
        }

        ReadOnlySpan<byte> fields = length > 0 ? text[..length] : default;
        fields = fields[(fields.LastIndexOf((byte)')') + 1)..];
        if (fields.Length < 3 || fields[1] is (byte)'Z' or (byte)'X' or (byte)'x') return 0;
        for (int skipped = 0; skipped < 20; skipped++)
        {
            int space = fields.IndexOf((byte)' ');
            if (space < 0) return 0;
            fields = fields[(space + 1)..];
        }

        return System.Buffers.Text.Utf8Parser.TryParse(fields, out long start, out _) ? Math.Max(start, 1) : 0;
    }
}
