using Procgen.CompilerServices;

namespace Procgen.Serialization;

/// <summary>Integers of variable length: small ones are one byte, others a code and the value in as few bytes as hold it.</summary>
internal static class VarInt
{
    private const sbyte U8 = -121;
    private const sbyte I8 = -122;
    private const sbyte U16 = -123;
    private const sbyte I16 = -124;
    private const sbyte U32 = -125;
    private const sbyte I32 = -126;
    private const sbyte U64 = -127;
    private const sbyte I64 = -128;

    /// <summary>The lowest number that is its own single byte; what is below is a code.</summary>
    private const sbyte LowestSingle = -120;

    public static void WriteUnsigned(ref PayloadWriter writer, uint value)
    {
        if (value <= (uint)sbyte.MaxValue)
        {
            writer.WriteMemory((sbyte)value);
        }
        else if (value <= ushort.MaxValue)
        {
            writer.WriteMemory(U16);
            writer.WriteMemory((ushort)value);
        }
        else
        {
            writer.WriteMemory(U32);
            writer.WriteMemory(value);
        }
    }

    public static void WriteSigned(ref PayloadWriter writer, int value)
    {
        if (value is >= LowestSingle and <= sbyte.MaxValue)
        {
            writer.WriteMemory((sbyte)value);
        }
        else if (value is >= short.MinValue and <= short.MaxValue)
        {
            writer.WriteMemory(I16);
            writer.WriteMemory((short)value);
        }
        else
        {
            writer.WriteMemory(I32);
            writer.WriteMemory(value);
        }
    }

    /// <summary>Reads a number that must not be negative, in any of the forms.</summary>
    public static uint Read(ref PayloadReader reader)
    {
        sbyte code = reader.ReadMemory<sbyte>();
        long value = code switch
        {
            >= LowestSingle => code,
            U8 => reader.ReadMemory<byte>(),
            I8 => reader.ReadMemory<sbyte>(),
            U16 => reader.ReadMemory<ushort>(),
            I16 => reader.ReadMemory<short>(),
            U32 => reader.ReadMemory<uint>(),
            I32 => reader.ReadMemory<int>(),
            U64 or I64 => reader.ReadMemory<long>(),
        };
        if (value is < 0 or > uint.MaxValue) PayloadErrors.Length(value);
        return (uint)value;
    }
}
