using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Procgen.Tests.Serialization;

/// <summary>The values of vectors.tsv, by its own names for them.</summary>
internal static class VectorValues
{
    private static readonly DateTime Moment = new(2024, 1, 2, 3, 4, 5);
    private static readonly Guid Id = new("00112233-4455-6677-8899-aabbccddeeff");

    /// <summary>Lines whose bytes Procgen does not write, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> Unsupported = new Dictionary<string, string>
    {
        ["BitArray{1,0,1}"] = "MemoryPack over-reads the bits on .NET 10; ours are one int32 for three bits",
        ["Type typeof(int)"] = "no type name on the wire is ever resolved",
        ["Ordered(B first)"] = "MemoryPack's own attribute: explicit order",
        ["CustomFmt Utf16+BitPack(33 true)"] = "MemoryPack's own attributes: custom formatters",
        ["VT1{0:int 1,1:\"ab\",3:long 2}"] = "MemoryPack's own attribute: version tolerance",
        ["VT1{B=null}"] = "MemoryPack's own attribute: version tolerance",
        ["VT2{1,[1,2],-,null,null}"] = "MemoryPack's own attribute: version tolerance",
        ["VTEmpty"] = "MemoryPack's own attribute: version tolerance",
    };

    /// <summary>Lines that an option of MemoryPack's writer made: only read.</summary>
    public static readonly IReadOnlyDictionary<string, Vector> ReadOnly = new Dictionary<string, Vector>
    {
        ["UTF16 opt: null"] = Vector.Of<string?>(null),
        ["UTF16 opt: \"\""] = Vector.Of<string?>(""),
        ["UTF16 opt: \"héllo\""] = Vector.Of<string?>("héllo"),
    };

    public static readonly IReadOnlyDictionary<string, Vector> All = new Dictionary<string, Vector>
    {
        ["Person(7,\"Ann\",[\"x\",null])"] = Vector.Of(new Person(7, "Ann", ["x", null])),
        ["int 42"] = Vector.Of(42),
        ["int -1"] = Vector.Of(-1),
        ["byte 255"] = Vector.Of((byte)255),
        ["char 'A'"] = Vector.Of('A'),
        ["short -2"] = Vector.Of((short)-2),
        ["long 1"] = Vector.Of(1L),
        ["float 1.5f"] = Vector.Of(1.5f),
        ["double 1.5"] = Vector.Of(1.5),
        ["Half 1.5"] = Vector.Of((Half)1.5),
        ["Int128 1"] = Vector.Of((Int128)1),
        ["nint 5"] = Vector.Of((nint)5),
        ["Rune 'A'"] = Vector.Of(new Rune('A')),
        ["decimal 1.5m"] = Vector.Of(1.5m),
        ["decimal -79228162514264337593543950335"] = Vector.Of(decimal.MinValue),
        ["Guid 00112233-4455-6677-8899-aabbccddeeff"] = Vector.Of(Id),
        ["DateTime 2024-01-02T03:04:05 Unspecified"] = Vector.Of(Moment),
        ["DateTime same Utc"] = Vector.Of(DateTime.SpecifyKind(Moment, DateTimeKind.Utc)),
        ["DateTime same Local"] = Vector.Of(DateTime.SpecifyKind(Moment, DateTimeKind.Local)),
        ["DateTimeOffset[1] same"] = Vector.Of<DateTimeOffset[]>([new(Moment, TimeSpan.FromHours(2))]),
        ["DateTimeOffset -05:30"] = Vector.Of(new DateTimeOffset(Moment, -new TimeSpan(5, 30, 0))),
        ["TimeSpan 1s"] = Vector.Of(TimeSpan.FromSeconds(1)),
        ["TimeSpan -1 tick"] = Vector.Of(TimeSpan.FromTicks(-1)),
        ["TimeOnly 03:04:05"] = Vector.Of(new TimeOnly(3, 4, 5)),
        ["Complex(1,2)"] = Vector.Of(new Complex(1, 2)),
        ["Vector3(1,2,3)"] = Vector.Of(new Vector3(1, 2, 3)),
        ["Index ^3"] = Vector.Of(^3),
        ["enum:byte Green"] = Vector.Of(Color.Green),
        ["enum:long -2"] = Vector.Of(BigE.A),
        ["enum:int 7"] = Vector.Of(IntE.A),
        ["Color[]{1,2}"] = Vector.Of<Color[]>([Color.Red, Color.Green]),
        ["string \"\""] = Vector.Of(""),
        ["string \"a\""] = Vector.Of("a"),
        ["string \"héllo\""] = Vector.Of("héllo"),
        ["string \"日本\""] = Vector.Of("日本"),
        ["string \"\\0\""] = Vector.Of("\0"),
        ["char[] {'h','é'}"] = Vector.Of<char[]>(['h', 'é']),
        ["StringBuilder(\"hé\")"] = Vector.Of(new StringBuilder("hé")),
        ["StringBuilder null"] = Vector.Of<StringBuilder?>(null),
        ["int? null"] = Vector.Of<int?>(null),
        ["bool? null"] = Vector.Of<bool?>(null),
        ["bool? true"] = Vector.Of<bool?>(true),
        ["byte? 5"] = Vector.Of<byte?>(5),
        ["long? 5"] = Vector.Of<long?>(5),
        ["Guid? null"] = Vector.Of<Guid?>(null),
        ["DateTime? utc"] = Vector.Of<DateTime?>(DateTime.SpecifyKind(Moment, DateTimeKind.Utc)),
        ["DateTimeOffset? +02:00"] = Vector.Of<DateTimeOffset?>(new DateTimeOffset(Moment, TimeSpan.FromHours(2))),
        ["Color? Green"] = Vector.Of<Color?>(Color.Green),
        ["US? {1,2}"] = Vector.Of<US?>(new US { X = 1, Y = 2 }),
        ["US? null"] = Vector.Of<US?>(null),
        ["RefStruct? null"] = Vector.Of<RefStruct?>(null),
        ["RefStruct? {1,\"a\"}"] = Vector.Of<RefStruct?>(new RefStruct { A = 1, S = "a" }),
        ["(int,string)? (1,\"a\")"] = Vector.Of<(int, string)?>((1, "a")),
        ["(int,int)? (1,2)"] = Vector.Of<(int, int)?>((1, 2)),
        ["int[] {1,2,3}"] = Vector.Of<int[]>([1, 2, 3]),
        ["int[] {}"] = Vector.Of<int[]>([]),
        ["byte[] {1,2,3}"] = Vector.Of<byte[]>([1, 2, 3]),
        ["bool[] {true,false}"] = Vector.Of<bool[]>([true, false]),
        ["double[] {1.5}"] = Vector.Of<double[]>([1.5]),
        ["string[] {\"a\",null,\"\"}"] = Vector.Of<string?[]>(["a", null, ""]),
        ["int[][] {{1},null}"] = Vector.Of<int[]?[]>([[1], null]),
        ["int[,] {{1,2},{3,4}}"] = Vector.Of(new[,] { { 1, 2 }, { 3, 4 } }),
        ["int[,] null"] = Vector.Of<int[,]?>(null),
        ["string[,] {{\"a\",null}}"] = Vector.Of(new[,] { { "a", null } }),
        ["int[,] 0x3"] = Vector.Of(new int[0, 3]),
        ["List<int>{1,2}"] = Vector.Of<List<int>>([1, 2]),
        ["List<int> null"] = Vector.Of<List<int>?>(null),
        ["List<int>{}"] = Vector.Of<List<int>>([]),
        ["List<List<int>>"] = Vector.Of<List<List<int>?>>([[1], null]),
        ["Memory<byte>{1,2}"] = Vector.Of(new Memory<byte>([1, 2])),
        ["ReadOnlyMemory<int>{1}"] = Vector.Of(new ReadOnlyMemory<int>([1])),
        ["ArraySegment<int>{1}"] = Vector.Of(new ArraySegment<int>([0, 1, 2], 1, 1)),
        ["Memory<byte> default"] = Vector.Of(default(Memory<byte>)),
        ["ReadOnlySequence<byte>{1,2}"] = Vector.Of(new ReadOnlySequence<byte>([1, 2])),
        ["ImmutableArray<int> default"] = Vector.Of(default(ImmutableArray<int>)),
        ["ImmutableArray<int>{1}"] = Vector.Of<ImmutableArray<int>>([1]),
        ["US[]{ {1,2} }"] = Vector.Of<US[]>([new US { X = 1, Y = 2 }]),
        ["IEnumerable<int> (yield)"] = Vector.Of(Yield()),
        ["IReadOnlyList<string>"] = Vector.Of<IReadOnlyList<string>>(["a"]),
        ["ICollection<int> as HashSet"] = Vector.Of<ICollection<int>>(new HashSet<int> { 3 }),
        ["Queue 1,2"] = Vector.Of(new Queue<int>([1, 2])),
        ["HashSet<int>{2,1}"] = Vector.Of<HashSet<int>>([2, 1]),
        ["SortedSet<int>{2,1}"] = Vector.Of<SortedSet<int>>([2, 1]),
        ["LinkedList<int>{1,2}"] = Vector.Of(new LinkedList<int>([1, 2])),
        ["PriorityQueue<byte,int> (9,2)"] = Vector.Of(new PriorityQueue<byte, int>([(9, 2)])),
        ["ConcurrentStack push 1,2"] = Vector.Of(new ConcurrentStack<int>([1, 2])),
        ["ConcurrentQueue 1,2"] = Vector.Of(new ConcurrentQueue<int>([1, 2])),
        ["ImmutableStack push 1,2"] = Vector.Of(ImmutableStack.Create(1, 2)),
        ["FrozenSet{5}"] = Vector.Of(new[] { 5 }.ToFrozenSet()),
        ["ObservableCollection{1}"] = Vector.Of<ObservableCollection<int>>([1]),
        ["Dictionary<string,int>{a:1}"] = Vector.Of(new Dictionary<string, int> { ["a"] = 1 }),
        ["Dictionary<string,int> null"] = Vector.Of<Dictionary<string, int>?>(null),
        ["Dictionary<byte,int>{1:2} (padding)"] = Vector.Of(new Dictionary<byte, int> { [1] = 2 }),
        ["Dictionary<int,string>{1:null}"] = Vector.Of(new Dictionary<int, string?> { [1] = null }),
        ["SortedDictionary<string,string>"] = Vector.Of(new SortedDictionary<string, string> { ["b"] = "2", ["a"] = "1" }),
        ["IDictionary<string,int>"] = Vector.Of<IDictionary<string, int>>(new Dictionary<string, int> { ["a"] = 1 }),
        ["KeyValuePair<byte,int>(1,2)"] = Vector.Of(KeyValuePair.Create((byte)1, 2)),
        ["ILookup"] = Vector.Of(new[] { ("a", 1), ("b", 2), ("a", 3) }.ToLookup(pair => pair.Item1, pair => pair.Item2)),
        ["(int,string)(1,\"a\")"] = Vector.Of((1, "a")),
        ["(int,string?)(1,null)"] = Vector.Of<(int, string?)>((1, null)),
        ["(byte,int)(1,2)"] = Vector.Of(((byte)1, 2)),
        ["(byte,long,byte,int)(1,2,3,4)  AUTO layout"] = Vector.Of(((byte)1, 2L, (byte)3, 4)),
        ["(byte,long,byte,int)[1]"] = Vector.Of<(byte, long, byte, int)[]>([(1, 2, 3, 4)]),
        ["(byte,string,long)(1,\"a\",2)"] = Vector.Of(((byte)1, "a", 2L)),
        ["(int,(byte,string))"] = Vector.Of((1, ((byte)2, "a"))),
        ["8-tuple of int"] = Vector.Of((1, 2, 3, 4, 5, 6, 7, 8)),
        ["8-tuple w/ string"] = Vector.Of((1, 2, 3, 4, 5, 6, 7, "8")),
        ["Tuple<int,string>(1,\"a\")"] = Vector.Of(Tuple.Create(1, "a")),
        ["Tuple<int,int>(1,2)"] = Vector.Of(Tuple.Create(1, 2)),
        ["Tuple<Tuple<int>,string?>"] = Vector.Of(Tuple.Create(Tuple.Create(1), (string?)null)),
        ["Tuple 8 (Rest)"] = Vector.Of(Tuple.Create(1, 2, 3, 4, 5, 6, 7, 8)),
        ["Lazy<int>(5)"] = Vector.Of(new Lazy<int>(5)),
        ["Pad{1,2,3,DTO}"] = Vector.Of(new Pad { A = 1, B = 2, C = 3, O = new DateTimeOffset(Moment, TimeSpan.FromHours(2)) }),
        ["ABC{1,\"b\",[2]}"] = Vector.Of(new ABC { A = 1, B = "b", C = [2] }),
        ["ABC{1,null,null}"] = Vector.Of(new ABC { A = 1 }),
        ["ABC null"] = Vector.Of<ABC?>(null),
        ["List<ABC>"] = Vector.Of<List<ABC?>>([new ABC { A = 1 }, null]),
        ["US{1,2} plain unmanaged struct"] = Vector.Of(new US { X = 1, Y = 2 }),
        ["MUS{1,2} [MemoryPackable] unmanaged"] = Vector.Of(new US { X = 1, Y = 2 }),
        ["HasUS{1,{2,3},4}"] = Vector.Of(new HasUS { A = 1, S = new US { X = 2, Y = 3 }, Z = 4 }),
        ["RefStruct[] x1"] = Vector.Of<RefStruct[]>([new RefStruct { A = 1, S = "a" }]),
        ["HasNull{5,null,7,{1,a},null}"] = Vector.Of(new HasNull { N1 = 5, N2 = null, B = 7, R1 = new RefStruct { A = 1, S = "a" }, R2 = null }),
        ["Empty"] = Vector.Of(new Empty()),
        ["OnlyInts{1,2,3} (fixed size)"] = Vector.Of(new OnlyInts { A = 1, B = 2, C = 3 }),
        ["Props (ro,private set,include,ignore)"] = Vector.Of(Props.Make()),
        ["Derived0{P=1,Q=2}"] = Vector.Of(new Derived0 { P = 1, Q = 2 }),
        ["Nested"] = Vector.Of(new Nested { In = new ABC { A = 1 }, Arr = [null], L = [null], E = Color.Green, D = new() { ["k"] = new ABC() } }),
        ["Gen<int>{5}"] = Vector.Of(new Gen<int> { V = 5 }),
        ["Gen<string>{a}"] = Vector.Of(new Gen<string> { V = "a" }),
        ["WithVT"] = Vector.Of(new WithVT
        {
            T1 = (1, 2, 3), T2 = (4, "a"), T3 = Tuple.Create(5, "b"), D = new DateTime(1, DateTimeKind.Utc), K = new(6, 7),
        }),
        ["IU null"] = Vector.Of<IU?>(null),
        ["IU=UA{5} tag0"] = Vector.Of<IU>(new UA()),
        ["IU=UB{\"z\"} tag1"] = Vector.Of<IU>(new UB()),
        ["IU=UC tag249"] = Vector.Of<IU>(new UC()),
        ["IU=UE tag65535 (wide)"] = Vector.Of<IU>(new UE()),
        ["IU[]{UA,null}"] = Vector.Of<IU?[]>([new UA(), null]),
        ["UA (concrete static type: no tag)"] = Vector.Of(new UA()),
        ["Node leaf"] = Vector.Of(new Node { V = 1, Children = null }),
        ["Node self"] = Vector.Of(SelfNode()),
        ["TwoCR same instance"] = Vector.Of(SameTwice()),
        ["CR[] {x,x}"] = Vector.Of<CR[]>([.. Enumerable.Repeat(new CR { I = 1, S = "a" }, 2)]),
        ["CR null"] = Vector.Of<CR?>(null),
        ["Uri null"] = Vector.Of<Uri?>(null),
        ["Uri relative x/y"] = Vector.Of(new Uri("x/y", UriKind.Relative)),
        ["Version 1.2"] = Vector.Of(new Version(1, 2)),
        ["Version 1.2.3.4"] = Vector.Of(new Version(1, 2, 3, 4)),
        ["BitArray null"] = Vector.Of<BitArray?>(null),
        ["CultureInfo Invariant"] = Vector.Of(CultureInfo.InvariantCulture),
        ["(byte,short,int,long)"] = Vector.Of(((byte)0x11, (short)0x2222, 0x33333333, 0x4444444444444444)),
        ["(byte,byte,short)"] = Vector.Of(((byte)0x11, (byte)0x12, (short)0x2222)),
        ["(byte,Guid)"] = Vector.Of(((byte)0x11, Id)),
        ["(Guid,byte)"] = Vector.Of((Id, (byte)0x11)),
        ["(byte,decimal)"] = Vector.Of(((byte)0x11, 1.5m)),
        ["(byte,DateTime)"] = Vector.Of(((byte)0x11, new DateTime(0x55))),
        ["(DateTime,int)"] = Vector.Of((new DateTime(0x55), 0x33333333)),
        ["(TimeSpan,byte)"] = Vector.Of((new TimeSpan(0x55), (byte)0x11)),
        ["(DateOnly,long)"] = Vector.Of((DateOnly.FromDayNumber(0xB4646), 0x4444444444444444)),
        ["(byte,(byte,byte))"] = Vector.Of(((byte)0x11, ((byte)0x21, (byte)0x22))),
        ["(byte,(short,byte))"] = Vector.Of(((byte)0x11, ((short)0x2222, (byte)0x22))),
        ["(byte,S3)"] = Vector.Of(((byte)0x11, Three)),
        ["(S3,byte)"] = Vector.Of((Three, (byte)0x11)),
        ["(S3,short)"] = Vector.Of((Three, (short)0x2222)),
        ["(S3,int)"] = Vector.Of((Three, 0x33333333)),
        ["(S3,DateTime)"] = Vector.Of((Three, new DateTime(0x55))),
        ["(byte,E64)"] = Vector.Of(((byte)0x11, E64.A)),
        ["(byte,int?)"] = Vector.Of(((byte)0x11, (int?)0x33333333)),
        ["(int?,byte)"] = Vector.Of(((int?)0x33333333, (byte)0x11)),
        ["(int?,long)"] = Vector.Of(((int?)0x33333333, 0x4444444444444444)),
        ["(Half,byte,float)"] = Vector.Of(((Half)1, (byte)0x11, 1f)),
        ["(nint,byte)"] = Vector.Of(((nint)5, (byte)0x11)),
        ["ValueTuple<byte>"] = Vector.Of(ValueTuple.Create((byte)0x11)),
        ["8-tuple (long, byte x7)"] = Vector.Of((0x4444444444444444, (byte)0x11, (byte)0x11, (byte)0x11, (byte)0x11, (byte)0x11, (byte)0x11, (byte)0x99)),
        ["KeyValuePair<byte,long>"] = Vector.Of(KeyValuePair.Create((byte)0x11, 0x4444444444444444)),
        ["KeyValuePair<byte,DateTimeOffset>"] = Vector.Of(KeyValuePair.Create((byte)0x11, new DateTimeOffset(0x55, TimeSpan.Zero))),
        ["SeqB{bool,char,bool,decimal,Guid}"] = Vector.Of(new SeqB { A = true, B = 'A', C = true, D = 1.5m, E = Id }),
        ["SeqN{byte,int?,byte}"] = Vector.Of(new SeqN { A = 1, B = 2, C = 3 }),
        ["Fx{byte,fixed short[3],byte}"] = Vector.Of(MakeFx()),
        ["Explicit{0:int,2:short,8:byte}"] = Vector.Of(new Explicit { A = 1, B = 2, C = 3 }),
        ["Pack=2{byte,long}"] = Vector.Of(new Pack2 { A = 1, B = 2 }),
        ["Size=24{int}"] = Vector.Of(new Size24 { A = 1 }),
        ["AutoMix{byte,S3,double,short,Guid,int,bool}"] = Vector.Of(
            new AutoMix { A = 1, B = Three, C = 1, D = 2, E = Id, F = 3, G = true }),
    };

    private static S3 Three => new() { A = 0x31, B = 0x32, C = 0x33 };

    private static IEnumerable<int> Yield()
    {
        yield return 1;
        yield return 3;
    }

    private static Node SelfNode()
    {
        Node node = new() { V = 3 };
        node.Parent = node;
        return node;
    }

    private static TwoCR SameTwice()
    {
        CR one = new() { I = 1, S = "a" };
        return new TwoCR { First = one, Second = one };
    }

    private static unsafe Fx MakeFx()
    {
        Fx value = new() { A = 1, C = 9 };
        value.B[0] = 1;
        value.B[1] = 2;
        value.B[2] = 3;
        return value;
    }
}

/// <summary>A value with its declared type, for the registry.</summary>
internal abstract class Vector
{
    public abstract object? Value { get; }

    public static Vector Of<T>(T value) => new Typed<T>(value);

    public abstract byte[] Encode();

    public abstract object? Decode(byte[] bytes);

    private sealed class Typed<T>(T value) : Vector
    {
        public override object? Value => value;

        public override byte[] Encode() => Payload.Encode(value);

        public override object? Decode(byte[] bytes) => Payload.Decode<T>(bytes);
    }
}
