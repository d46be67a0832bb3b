using Procgen.Interop;

namespace Procgen.Shared;

/// <summary>Whether a core is free for spinning: asked often, looked up rarely.</summary>
internal static class MachineLoad
{
    private const int BusyMilliseconds = 10;

    private static readonly int s_cores = Environment.ProcessorCount;
    private static long s_busyUntil;
    private static long s_lookedAt;

    public static bool HasRoom => s_cores > 1 && (s_busyUntil == 0 || IsOver());

    /// <summary>Called after spinning in vain: was it because everything runs? At most once in a while.</summary>
    public static void Look()
    {
        long now = Environment.TickCount64;
        if (now - Volatile.Read(ref s_lookedAt) < BusyMilliseconds) return;
        Volatile.Write(ref s_lookedAt, now);
        if (RunningThreads() > s_cores) Volatile.Write(ref s_busyUntil, now + BusyMilliseconds);
    }

    private static bool IsOver()
    {
        if (Environment.TickCount64 < Volatile.Read(ref s_busyUntil)) return false;
        Volatile.Write(ref s_busyUntil, 0);
        return true;
    }

    /// <summary>From /proc/loadavg, "0.20 0.18 0.12 3/345 12345": three run at this moment. Elsewhere unknown, so few.</summary>
    private static unsafe int RunningThreads()
    {
        if (!OperatingSystem.IsLinux()) return 0;
        Span<byte> text = stackalloc byte[64];
        int length;
        fixed (byte* path = "/proc/loadavg\0"u8)
        fixed (byte* buffer = text)
        {
            int descriptor = LibCMemory.Open(path, LibCMemory.CloseOnExec);
            if (descriptor < 0) return 0;
            length = (int)LibCMemory.Read(descriptor, buffer, text.Length);
            _ = LibCMemory.Close(descriptor);
        }

        ReadOnlySpan<byte> fields = length > 0 ? text[..length] : default;
        for (int skipped = 0; skipped < 3; skipped++) fields = fields[(fields.IndexOf((byte)' ') + 1)..];
        return System.Buffers.Text.Utf8Parser.TryParse(fields, out int running, out _) ? running : 0;
    }
}
