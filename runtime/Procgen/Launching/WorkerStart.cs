using System.Globalization;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Shared;

namespace Procgen.Launching;

/// <summary>The first frame: who this worker is.</summary>
internal sealed record WorkerStart
{
    public required string Name { get; init; }

    /// <summary>Its place in the family, as "1:3" for the third child of the first child.</summary>
    public required string Identity { get; init; }

    public required bool IsDaemon { get; init; }

    /// <summary>Its place in its pool.</summary>
    public int Index { get; init; }

    public required byte[] AuthKey { get; init; }

    public required string ParentName { get; init; }

    public required int ParentId { get; init; }

    /// <summary>Ends after its first call, with that call's exit code.</summary>
    public required bool IsSingleCall { get; init; }

    /// <summary>Of the thread that runs targets, in bytes; 0 for the main thread.</summary>
    public int MaxStackSize { get; init; }

    /// <summary>What it shares with its pool; null in a process of its own.</summary>
    public SharedBlock? Board { get; init; }

    /// <summary>Null for the one that a new process has: to look at cultures loads their data.</summary>
    public string? Culture { get; init; } = NameUnlessDefault(CultureInfo.CurrentCulture);

    public string? UICulture { get; init; } = NameUnlessDefault(CultureInfo.CurrentUICulture);

    public static readonly FrameBody<WorkerStart> Write = static (ref PayloadWriter writer, WorkerStart start) =>
    {
        writer.WriteString(start.Name);
        writer.WriteString(start.Identity);
        writer.WriteUnmanaged(start.IsDaemon);
        writer.WriteUnmanaged(start.Index);
        writer.WriteUnmanaged(start.AuthKey.Length);
        foreach (byte part in start.AuthKey) writer.WriteUnmanaged(part);
        writer.WriteString(start.ParentName);
        writer.WriteUnmanaged(start.ParentId);
        writer.WriteUnmanaged(start.IsSingleCall);
        writer.WriteUnmanaged(start.MaxStackSize);
        writer.WriteString(start.Culture);
        writer.WriteString(start.UICulture);
        writer.WriteUnmanaged(start.Board is not null);
        start.Board?.Write(ref writer);
    };

    public static WorkerStart Read(ref PayloadReader reader) => new()
    {
        Name = reader.ReadString() ?? "",
        Identity = reader.ReadString() ?? "",
        IsDaemon = reader.ReadUnmanaged<bool>(),
        Index = reader.ReadUnmanaged<int>(),
        AuthKey = ReadKey(ref reader),
        ParentName = reader.ReadString() ?? "",
        ParentId = reader.ReadUnmanaged<int>(),
        IsSingleCall = reader.ReadUnmanaged<bool>(),
        MaxStackSize = reader.ReadUnmanaged<int>(),
        Culture = reader.ReadString(),
        UICulture = reader.ReadString(),
        Board = reader.ReadUnmanaged<bool>() ? SharedBlock.Read(ref reader) : null,
    };

    private static string? NameUnlessDefault(CultureInfo culture) =>
        !OperatingSystem.IsWindows() && culture.Equals(CultureInfo.InstalledUICulture) ? null : culture.Name;

    private static byte[] ReadKey(ref PayloadReader reader)
    {
        int length = reader.ReadUnmanaged<int>();
        if ((uint)length > (uint)reader.Remaining) throw new InvalidDataException("The start frame's key is longer than the frame.");
        byte[] key = new byte[length];
        for (int i = 0; i < length; i++) key[i] = reader.ReadUnmanaged<byte>();
        return key;
    }
}
