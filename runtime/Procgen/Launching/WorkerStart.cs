using System.Globalization;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Shared;

namespace Procgen.Launching;

/// <summary>The first frame: who this worker is.</summary>
internal sealed record WorkerStart
{
    private const int OwnStack = 128 * 1024;

    public required string Name { get; init; }

    /// <summary>Its place in the family, as "1:3" for the third child of the first child.</summary>
    public required string Identity { get; init; }

    public required bool IsDaemon { get; init; }

    /// <summary>Its place in its pool.</summary>
    public int Index { get; init; }

    public required byte[] AuthKey { get; init; }

    public required string ParentName { get; init; }

    public required int ParentId { get; init; }

    /// <summary>What it is started for, where that is known. Not sent: its call follows.</summary>
    public Target? Target { get; init; }

    /// <summary>Whether its parent waits for it before it exits. Not sent.</summary>
    public bool IsJoinedAtExit { get; init; }

    /// <summary>What targets have of the thread that runs them, in bytes; 0 for the main thread.</summary>
    public int MaxStackSize { get; init; }

    /// <summary>Of that thread: with what this library takes before a target begins.</summary>
    public int StackSize => MaxStackSize == 0 ? 0 : (int)Math.Min(MaxStackSize + (long)OwnStack, int.MaxValue);

    /// <summary>What it shares with its pool; null in a process of its own.</summary>
    public SharedBlock? Board { get; init; }

    /// <summary>In the worker: that of the thread that started it, or null for the one that a new process has. To look at cultures loads their data.</summary>
    public string? Culture { get; private init; }

    /// <summary>As <see cref="Culture"/>.</summary>
    public string? UICulture { get; private init; }

    public static readonly FrameBody<WorkerStart> Write = static (ref PayloadWriter writer, WorkerStart start) =>
    {
        writer.WriteString(start.Name);
        writer.WriteString(start.Identity);
        writer.WriteMemory(start.IsDaemon);
        writer.WriteMemory(start.Index);
        writer.WriteMemory(start.AuthKey.Length);
        writer.WriteBytes(start.AuthKey);
        writer.WriteString(start.ParentName);
        writer.WriteMemory(start.ParentId);
        writer.WriteMemory(start.MaxStackSize);
        writer.WriteString(NameUnlessDefault(CultureInfo.CurrentCulture));
        writer.WriteString(NameUnlessDefault(CultureInfo.CurrentUICulture));
        writer.WriteMemory(start.Board is not null);
        start.Board?.Write(ref writer);
    };

    public static WorkerStart Read(ref PayloadReader reader) => new()
    {
        Name = reader.ReadString() ?? "",
        Identity = reader.ReadString() ?? "",
        IsDaemon = reader.ReadMemory<bool>(),
        Index = reader.ReadMemory<int>(),
        AuthKey = ReadKey(ref reader),
        ParentName = reader.ReadString() ?? "",
        ParentId = reader.ReadMemory<int>(),
        MaxStackSize = reader.ReadMemory<int>(),
        Culture = reader.ReadString(),
        UICulture = reader.ReadString(),
        Board = reader.ReadMemory<bool>() ? SharedBlock.Read(ref reader) : null,
    };

    private static string? NameUnlessDefault(CultureInfo culture) =>
        !OperatingSystem.IsWindows() && culture.Equals(CultureInfo.InstalledUICulture) ? null : culture.Name;

    private static byte[] ReadKey(ref PayloadReader reader)
    {
        int length = reader.ReadMemory<int>();
        if ((uint)length > (uint)reader.Remaining) throw new InvalidDataException("The start frame's key is longer than the frame.");
        return reader.TakeSpan(length).ToArray();
    }
}
