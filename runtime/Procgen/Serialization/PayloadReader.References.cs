using Procgen.Serialization;

namespace Procgen.CompilerServices;

// Objects of types marked [PreserveReferences]: see PayloadWriter.References.cs.
public ref partial struct PayloadReader
{
    /// <summary>Begins an object that others may refer to. <see cref="EndShared"/> follows its last member.</summary>
    /// <param name="known">The object itself, where it was read before; null where its members follow.</param>
    /// <param name="count">How many of its members follow.</param>
    /// <param name="end">For <see cref="EndShared"/>.</param>
    /// <param name="members">How many it has.</param>
    /// <param name="type">Its name, for messages.</param>
    /// <returns>False where it is null.</returns>
    public bool TryBeginShared<T>(out T? known, out int count, out int end, byte members, string type)
        where T : class
    {
        known = null;
        end = 0;
        count = ReadMemory<byte>();
        if (count == PayloadFormat.Null) return false;
        if (count == PayloadFormat.Wide)
        {
            uint id = VarInt.Read(ref this);
            if (_seen is null || id >= _seen.Count || _seen[(int)id] is not T seen) PayloadErrors.Reference(id);
            else known = seen;
            return true;
        }

        if (count > members) PayloadErrors.MemberCount(count, members, type);
        Deepen();
        long bytes = 0;
        for (int i = 0; i < count; i++) bytes += VarInt.Read(ref this);
        uint own = VarInt.Read(ref this);
        if (own != (_seen?.Count ?? 0)) PayloadErrors.Reference(own);
        if (bytes > Remaining) PayloadErrors.Length(bytes);
        end = Remaining - (int)bytes;
        return true;
    }

    /// <summary>Makes an object known before its members are read, since they may refer to it.</summary>
    public void Share(object value) => (_seen ??= []).Add(value);

    /// <summary>Ends what <see cref="TryBeginShared"/> began.</summary>
    public void EndShared(int end)
    {
        if (Remaining != end) PayloadErrors.Length(Remaining - (long)end);
        _depth--;
    }
}
