using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Procgen.Interop;

namespace Procgen.Shared;

/// <summary>
/// Linux: a file in memory without a name. Others open it through /proc of a process that holds it: the one that wrote
/// the handle, or, when that is gone, whichever of this user's processes still does. The kernel frees it with its last holder.
/// </summary>
internal sealed unsafe class MemfdBacking : BlockBacking
{
    private const string Label = "procgen-";

    private readonly Guid _id;
    private readonly int _descriptor;

    private MemfdBacking(Guid id, int descriptor)
    {
        _id = id;
        _descriptor = descriptor;
    }

    public override string Name => Location.ToName(_id);

    public override BlockLocation Location => new(Environment.ProcessId, _descriptor, null);

    /// <returns>Null where the kernel or a sandbox has no such files.</returns>
    public static MemfdBacking? TryCreate(Guid id, long length)
    {
        int descriptor = LibCMemory.CreateAnonymousFile(LabelOf(id), length);
        if (descriptor >= 0) return new MemfdBacking(id, descriptor);
        int error = Marshal.GetLastPInvokeError();
        ThrowIfTooManyFiles(error);
        return error is 1 or 38 ? null : throw NoRoom(length);
    }

    public static MemfdBacking? TryOpen(Guid id, BlockLocation location)
    {
        string link = string.Create(CultureInfo.InvariantCulture, $"/proc/{location.ProcessId}/fd/{location.Descriptor}");
        return TryOpen(id, link) ?? TryFindElsewhere(id);
    }

    public override bool TryReadHeader(out BlockHeader header)
    {
        fixed (BlockHeader* buffer = &header)
            return LibCMemory.ReadAt(_descriptor, (byte*)buffer, sizeof(BlockHeader), 0) == sizeof(BlockHeader);
    }

    public override MappedRange Map(long offset, long length)
    {
        byte* address = LibCMemory.Map(_descriptor, offset, length);
        return address is not null ? new MappedRange(address, length) : throw NoRoom(length);
    }

    public override void Discard(long offset, long length) => LibCMemory.PunchHole(_descriptor, offset, length);

    public override void Dispose() => _ = LibCMemory.Close(_descriptor);

    private static void ThrowIfTooManyFiles(int error)
    {
        if (error is 23 or 24) throw new IOException("This process has too many open files for another shared block.");
    }

    // By two numbers: the code of a Guid's own text would be compiled at every start of a pool's worker.
    private static string LabelOf(Guid id)
    {
        Span<byte> bits = stackalloc byte[16];
        id.TryWriteBytes(bits);
        return string.Concat(Label, Hex(bits), Hex(bits[sizeof(ulong)..]));
    }

    private static string Hex(ReadOnlySpan<byte> bits) => BinaryPrimitives.ReadUInt64LittleEndian(bits).ToString("x16", CultureInfo.InvariantCulture);

    private static MemfdBacking? TryOpen(Guid id, string link)
    {
        if (!LinkLeadsTo(id, link)) return null;
        int descriptor = LibCMemory.Open(link, LibCMemory.ReadWrite | LibCMemory.CloseOnExec);
        if (descriptor < 0)
        {
            ThrowIfTooManyFiles(Marshal.GetLastPInvokeError());
            return null;
        }

        // The number may have got another meaning between the look and the opening.
        if (LinkLeadsTo(id, string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}"))) return new MemfdBacking(id, descriptor);
        _ = LibCMemory.Close(descriptor);
        return null;
    }

    private static bool LinkLeadsTo(Guid id, string link)
    {
        Span<byte> target = stackalloc byte[96];
        nint length;
        fixed (byte* buffer = target) length = LibCMemory.ReadLink(link, buffer, target.Length);
        return length > 0 && target[..(int)length].IndexOf(Encoding.ASCII.GetBytes(LabelOf(id))) >= 0;
    }

    /// <summary>Milliseconds rather than microseconds, so only when the short way is closed.</summary>
    private static MemfdBacking? TryFindElsewhere(Guid id)
    {
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (!char.IsAsciiDigit(process["/proc/".Length])) continue;
            try
            {
                foreach (string link in Directory.EnumerateFileSystemEntries(process + "/fd"))
                {
                    if (TryOpen(id, link) is { } found) return found;
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another user's process, or one that has just ended.
            }
        }

        return null;
    }
}
