using Procgen.Serialization;

namespace Procgen.CompilerServices;

// Objects of types marked [PreserveReferences]: each is written once, with the byte length of every member in front, and
// named by its number afterwards.
public ref partial struct PayloadWriter
{
    /// <summary>Writes the number of an object that was written before; else gives it the next one.</summary>
    /// <returns>Whether <paramref name="value"/> is done with.</returns>
    public bool TryWriteReference(object value, out uint id)
    {
        _references ??= new ReferenceTable();
        if (_references.TryAdd(value, out id)) return false;
        WriteMemory(PayloadFormat.Wide);
        VarInt.WriteUnsigned(ref this, id);
        return true;
    }

    /// <summary>A writer for the members of the object that <see cref="TryWriteReference"/> gave a number.</summary>
    /// <exception cref="ProcessSerializationException">Objects are nested too deep.</exception>
    public readonly PayloadWriter BeginMembers()
    {
        if (Nesting.IsLookedAt(_depth + 1)) Nesting.Check(_depth + 1);
        return new PayloadWriter(_references!.Rent()) { _depth = _depth + 1, _references = _references };
    }

    /// <summary>On a members' writer: a member is complete.</summary>
    public void EndMember()
    {
        Flush();
        ((MemberBuffer)_output).EndMember();
    }

    /// <summary>Writes the members that were collected in <paramref name="members"/>, which must not be used afterwards.</summary>
    public void WriteMembers(uint id, scoped ref PayloadWriter members)
    {
        MemberBuffer buffer = (MemberBuffer)members._output;
        WriteMemory((byte)buffer.Lengths.Count);
        foreach (int length in buffer.Lengths) VarInt.WriteSigned(ref this, length);
        VarInt.WriteUnsigned(ref this, id);
        WriteMemorySpan(buffer.Written);
        _references!.Return(buffer);
    }
}
