using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BenchmarkDotNet.Attributes;
using Procgen.CompilerServices;

namespace Procgen.Codec.Benchmarks;

/// <summary>One value through Procgen's codec into a reused buffer and back, and through System.Text.Json.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public abstract class ValueBenchmarks<T> : IDisposable
{
    // One for all benchmarks of the type: which pages 8 MB happen to lie in decides more than what is done with them.
    private static readonly ArrayBufferWriter<byte> Output = new();

    private readonly ArrayBufferWriter<byte> _output = Output;
    private readonly ArrayBufferWriter<byte> _jsonOutput = new();
    private readonly Codec<T> _codec = Codecs.Get<T>();
    private readonly T _value;
    private readonly JsonTypeInfo<T> _jsonType;
    private readonly Utf8JsonWriter _jsonWriter;
    private readonly byte[] _payload;
    private readonly byte[] _json;

    protected ValueBenchmarks(T value)
    {
        _value = value;
        _jsonType = (JsonTypeInfo<T>)JsonValues.Default.GetTypeInfo(typeof(T))!;
        _jsonWriter = new Utf8JsonWriter(_jsonOutput);
        Write();
        _payload = Output.WrittenSpan.ToArray();
        _json = JsonSerializer.SerializeToUtf8Bytes(value, _jsonType);
        Console.WriteLine($"// {GetType().Name}: {_payload.Length} bytes");
    }

    /// <summary>Where <see cref="Write"/> writes to.</summary>
    protected static byte[] Buffer
    {
        get
        {
            Output.ResetWrittenCount();
            MemoryMarshal.TryGetArray(Output.GetMemory(), out ArraySegment<byte> buffer);
            return buffer.Array!;
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _jsonWriter.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public int Write()
    {
        _output.ResetWrittenCount();
        PayloadWriter writer = new(_output);
        _codec.Write(ref writer, _value);
        writer.Flush();
        return _output.WrittenCount;
    }

    [Benchmark]
    public T Read()
    {
        PayloadReader reader = new(_payload);
        return _codec.Read(ref reader);
    }

    [Benchmark]
    public int JsonWrite()
    {
        _jsonOutput.ResetWrittenCount();
        _jsonWriter.Reset();
        JsonSerializer.Serialize(_jsonWriter, _value, _jsonType);
        return _jsonOutput.WrittenCount;
    }

    [Benchmark]
    public T? JsonRead() => JsonSerializer.Deserialize(_json, _jsonType);
}

/// <summary>An array, beside a plain copy of the same bytes: into the same buffer, and into a new array.</summary>
public abstract class ArrayBenchmarks<T>(T[] value) : ValueBenchmarks<T[]>(value)
    where T : unmanaged
{
    private readonly T[] _value = value;
    private byte[] _target = [];

    // Not before: the first value that is written makes the buffer as long as it is.
    [GlobalSetup]
    public void FindTarget() => _target = Buffer;

    [Benchmark]
    public void Copy() => MemoryMarshal.AsBytes(_value.AsSpan()).CopyTo(_target);

    [Benchmark]
    public T[] CopyToNew()
    {
        T[] made = GC.AllocateUninitializedArray<T>(_value.Length);
        _value.AsSpan().CopyTo(made);
        return made;
    }
}

public class Int32Array() : ArrayBenchmarks<int>(CodecValues.Ints);

public class DoubleArray() : ArrayBenchmarks<double>(CodecValues.Doubles);

public class FiveMembers() : ValueBenchmarks<Order>(Order.Make(1234));

public class ListOfFiveMembers() : ValueBenchmarks<List<Order>>(CodecValues.Orders);

/// <summary>Beside the least that any serializer does: enumerate and copy the keys, and make the keys and add them.</summary>
public class StringDictionary() : ValueBenchmarks<Dictionary<string, int>>(CodecValues.Numbers)
{
    private readonly byte[] _target = new byte[64 * 1024];
    private readonly char[][] _keys = [.. CodecValues.Numbers.Keys.Select(static key => key.ToCharArray())];

    [Benchmark]
    public int LeastWrite()
    {
        Span<byte> target = _target;
        foreach ((string key, int value) in CodecValues.Numbers)
        {
            ReadOnlySpan<byte> text = MemoryMarshal.AsBytes(key.AsSpan());
            text.CopyTo(target);
            MemoryMarshal.Write(target[text.Length..], value);
            target = target[(text.Length + sizeof(int))..];
        }

        return target.Length;
    }

    [Benchmark]
    public Dictionary<string, int> LeastRead()
    {
        Dictionary<string, int> made = new(_keys.Length);
        for (int i = 0; i < _keys.Length; i++) made.Add(new string(_keys[i]), i);
        return made;
    }
}

/// <summary>Beside the least that any serializer does: copy the characters.</summary>
public class LongString() : ValueBenchmarks<string>(CodecValues.Text)
{
    private readonly byte[] _target = new byte[4 * 1024];
    private readonly char[] _source = CodecValues.Text.ToCharArray();

    [Benchmark]
    public void LeastWrite() => MemoryMarshal.AsBytes(_source.AsSpan()).CopyTo(_target);

    [Benchmark]
    public string LeastRead() => new(_source);
}

/// <summary>
/// How fast this machine is right now, for scalar code without memory: a chain of 1,000 multiplications and additions, each
/// of which needs the one before. Nothing in it can be vectorised, predicted or run ahead.
/// </summary>
public class ReferenceLoop
{
    private ulong _state = 88172645463325252;

    [Benchmark]
    public ulong Scalar()
    {
        ulong state = _state;
        for (int i = 0; i < 1000; i++) state = (state * 6364136223846793005) + 1442695040888963407;
        return _state = state;
    }
}
