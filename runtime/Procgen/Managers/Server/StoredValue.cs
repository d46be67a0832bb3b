using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>
/// A value as a client encoded it. The server never decodes one: types stay with those who know them, and two values are
/// equal where their bytes are.
/// </summary>
/// <param name="Bytes">The encoded value.</param>
/// <param name="References">The objects of this server whose proxies are in it: it keeps them alive.</param>
internal readonly record struct StoredValue(byte[] Bytes, ulong[] References)
{
    public static StoredValue Read(ref PayloadReader reader)
    {
        byte[] bytes = ReadBytes(ref reader);
        int count = reader.ReadMemory<int>();
        if ((uint)count > (uint)(reader.Remaining / sizeof(ulong))) throw new ProcessSerializationException("a value announces more references than there are bytes");
        ulong[] references = count == 0 ? [] : new ulong[count];
        for (int i = 0; i < count; i++) references[i] = reader.ReadMemory<ulong>();
        return new StoredValue(bytes, references);
    }

    public static StoredValue[] ReadMany(ref PayloadReader reader)
    {
        int count = reader.ReadMemory<int>();
        if ((uint)count > (uint)(reader.Remaining / (2 * sizeof(int)))) throw new ProcessSerializationException("a request announces more values than there are bytes");
        var values = new StoredValue[count];
        for (int i = 0; i < count; i++) values[i] = Read(ref reader);
        return values;
    }

    public void Write(ref PayloadWriter writer)
    {
        writer.WriteMemory(Bytes.Length);
        writer.WriteMemorySpan<byte>(Bytes);
    }

    public bool Equals(StoredValue other) => Bytes.AsSpan().SequenceEqual(other.Bytes);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    private static byte[] ReadBytes(ref PayloadReader reader)
    {
        int length = reader.ReadMemory<int>();
        if ((uint)length > (uint)reader.Remaining) throw new ProcessSerializationException("a value is longer than its request");
        return reader.TakeSpan(length).ToArray();
    }
}
