using System.Runtime.InteropServices;

namespace Procgen.Tests.Serialization;

// The types behind the named vectors, as the page that came with them declares them.
internal enum Color : byte
{
    Red = 1,
    Green = 2,
}

internal enum BigE : long
{
    A = -2,
}

internal enum IntE
{
    A = 7,
}

internal enum E64 : ulong
{
    A = 100,
}

internal sealed record Person(int Id, string Name, List<string?> Tags);

internal sealed class ABC
{
    public int A;
    public string? B;
    public List<int>? C;
}

internal struct US
{
    public int X;
    public double Y;
}

internal sealed class HasUS
{
    public int A;
    public US S;
    public byte Z;
}

internal struct RefStruct
{
    public int A;
    public string? S;
}

internal sealed class HasNull
{
    public int? N1;
    public int? N2;
    public byte B;
    public RefStruct? R1;
    public RefStruct? R2;
}

internal sealed class Empty;

internal sealed class OnlyInts
{
    public byte A;
    public long B;
    public short C;
}

internal class Base0
{
    public int P;
}

internal sealed class Derived0 : Base0
{
    public int Q;
}

internal sealed class Nested
{
    public ABC? In;
    public ABC?[]? Arr;
    public List<ABC?>? L;
    public Color E;
    public Dictionary<string, ABC>? D;
}

internal sealed class Props
{
    public int ReadOnly { get; } = 5;

    public string? PrivateSet { get; private set; }

    public int Plain { get; set; }

    [ProcessIgnore]
    public int Ignored { get; set; }

    public int Last { get; init; }

    public static Props Make() => new() { PrivateSet = "s", Plain = 9, Ignored = 77, Last = 3 };
}

[ProcessUnion(0, typeof(UA))]
[ProcessUnion(1, typeof(UB))]
[ProcessUnion(249, typeof(UC))]
[ProcessUnion(250, typeof(UD))]
[ProcessUnion(65535, typeof(UE))]
internal interface IU;

internal sealed class UA : IU
{
    public int X = 5;
}

internal sealed class UB : IU
{
    public string? S = "z";
}

internal sealed class UC : IU;

internal sealed class UD : IU;

internal sealed class UE : IU
{
    public byte Q = 1;
}

internal sealed class Gen<T>
{
    public T? V;
}

internal sealed class WithVT
{
    public (int, byte, long) T1;
    public (int, string) T2;
    public Tuple<int, string>? T3;
    public DateTime D;
    public KeyValuePair<byte, int> K;
}

[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct Packed
{
    public byte A;
    public int B;
}

internal struct Pad
{
    public byte A;
    public int B;
    public byte C;
    public DateTimeOffset O;
}

[PreserveReferences]
internal sealed class Node
{
    public Node? Parent;
    public Node[]? Children;
    public int V;
}

[PreserveReferences]
internal sealed class CR
{
    public int I;
    public string? S;
}

internal sealed class TwoCR
{
    public CR? First;
    public CR? Second;
}

internal struct S3
{
    public byte A;
    public byte B;
    public byte C;
}

internal struct SeqB
{
    public bool A;
    public char B;
    public bool C;
    public decimal D;
    public Guid E;
}

internal struct SeqN
{
    public byte A;
    public int? B;
    public byte C;
}

internal unsafe struct Fx
{
    public byte A;
    public fixed short B[3];
    public byte C;
}

[StructLayout(LayoutKind.Explicit)]
internal struct Explicit
{
    [FieldOffset(0)]
    public int A;

    [FieldOffset(2)]
    public short B;

    [FieldOffset(8)]
    public byte C;
}

[StructLayout(LayoutKind.Sequential, Pack = 2)]
internal struct Pack2
{
    public byte A;
    public long B;
}

[StructLayout(LayoutKind.Sequential, Size = 24)]
internal struct Size24
{
    public int A;
}

[StructLayout(LayoutKind.Auto)]
internal struct AutoMix
{
    public byte A;
    public S3 B;
    public double C;
    public short D;
    public Guid E;
    public int F;
    public bool G;
}
