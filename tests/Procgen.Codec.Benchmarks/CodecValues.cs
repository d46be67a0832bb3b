using System.Globalization;
using System.Text.Json.Serialization;
using Procgen.CompilerServices;

namespace Procgen.Codec.Benchmarks;

/// <summary>Five members, one of them a string of 17 characters: 47 bytes.</summary>
public sealed class Order
{
    public int Id { get; set; }

    public long Customer { get; set; }

    public double Price { get; set; }

    public string Name { get; set; } = "";

    public bool IsPaid { get; set; }

    public static Order Make(int id) => new()
    {
        Id = id, Customer = id * 7919L, Price = id / 4.0, Name = $"order number {id % 10_000:0000}", IsPaid = id % 2 == 0,
    };
}

/// <summary>The values that memorypack-times.md has figures for.</summary>
internal static class CodecValues
{
    public static readonly int[] Ints = [.. Enumerable.Range(0, 1000)];

    public static readonly double[] Doubles = [.. Enumerable.Range(0, 1_000_000).Select(static i => i / 3.0)];

    public static readonly List<Order> Orders = [.. Enumerable.Range(0, 1000).Select(Order.Make)];

    public static readonly Dictionary<string, int> Numbers =
        Enumerable.Range(0, 1000).ToDictionary(static i => (i * 7).ToString(CultureInfo.InvariantCulture), static i => i);

    public static readonly string Text = string.Concat(Enumerable.Range(0, 1000).Select(static i => (char)('a' + (i % 26))));
}

/// <summary>System.Text.Json's source-generated path.</summary>
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(double[]))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(List<Order>))]
[JsonSerializable(typeof(Dictionary<string, int>))]
[JsonSerializable(typeof(string))]
internal sealed partial class JsonValues : JsonSerializerContext;

/// <summary>A handle that only names a type, so that its codec is emitted and registered as a queue's would be.</summary>
internal sealed class Named<T> : IProcessHandle<Named<T>>
{
    void IProcessHandle<Named<T>>.WriteHandle(ref PayloadWriter writer)
    {
    }

    static Named<T> IProcessHandle<Named<T>>.ReadHandle(ref PayloadReader reader) => new();
}

internal static class CodecTypes
{
    [ProcessTarget]
    public static void Name(Named<Order> order, Named<List<Order>> orders, Named<Dictionary<string, int>> numbers)
    {
        // Only its signature counts.
    }
}
