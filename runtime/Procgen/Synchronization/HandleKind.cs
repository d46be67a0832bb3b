using Procgen.CompilerServices;

namespace Procgen.Synchronization;

/// <summary>Where the state behind a handle lives: the first byte of every handle of this folder.</summary>
internal enum HandleKind : byte
{
    /// <summary>In memory that the processes share.</summary>
    Shared = 1,

    /// <summary>In a manager's server.</summary>
    Managed = 2,
}

internal static class HandleKinds
{
    /// <summary>What a reader says of a kind that it does not know.</summary>
    public static ProcessSerializationException Unknown(HandleKind kind) => new($"a handle of the unknown kind {(int)kind}");

    public static HandleKind Read(ref PayloadReader reader) => (HandleKind)reader.ReadMemory<byte>();

    public static void Write(ref PayloadWriter writer, HandleKind kind) => writer.WriteMemory((byte)kind);
}
