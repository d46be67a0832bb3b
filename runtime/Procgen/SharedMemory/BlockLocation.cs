using System.Globalization;
using Procgen.CompilerServices;

namespace Procgen.Shared;

/// <summary>Where a block can be opened: a descriptor of a process, or a file.</summary>
/// <param name="ProcessId">Who has the descriptor.</param>
/// <param name="Descriptor">Its number there.</param>
/// <param name="File">The file's or section's name, where it has one.</param>
internal readonly record struct BlockLocation(int ProcessId, int Descriptor, string? File)
{
    public static BlockLocation Read(ref PayloadReader reader) =>
        new(reader.ReadMemory<int>(), reader.ReadMemory<int>(), reader.ReadString());

    /// <summary>Reads the generated name of a block that the user gave none, without its mark.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out Guid id, out BlockLocation location)
    {
        location = default;
        Span<Range> parts = stackalloc Range[4];
        id = default;
        if (name.Split(parts, '.') != 3
            || !Guid.TryParseExact(name[parts[0]], "N", out id)
            || !int.TryParse(name[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out int processId)
            || !int.TryParse(name[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor))
            return false;
        location = new BlockLocation(processId, descriptor, null);
        return true;
    }

    public void Write(ref PayloadWriter writer)
    {
        writer.WriteMemory(ProcessId);
        writer.WriteMemory(Descriptor);
        writer.WriteString(File);
    }

    /// <summary>What <see cref="TryParse"/> reads, with its mark.</summary>
    public string ToName(Guid id) =>
        string.Create(CultureInfo.InvariantCulture, $"{SharedBlock.UnnamedMark}{id:N}.{ProcessId}.{Descriptor}");
}
