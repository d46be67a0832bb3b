using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Procgen.CompilerServices;

namespace Procgen.Tests.Serialization;

// Types of every make that a user may declare.
internal readonly record struct Money(decimal Amount, string Currency);

internal readonly struct Label(string text, int weight)
{
    public string Text { get; } = text;

    public int Weight => weight;
}

internal sealed class Captured(int id, string? name)
{
    public int Id => id;

    public string? Name { get; } = name;

    public string? Note { get; set; }
}

internal sealed class SeveralConstructors
{
    public SeveralConstructors(int width) => Width = width;

    public SeveralConstructors(int width, int height)
        : this(width) => Height = height;

    public SeveralConstructors(int width, int height, object unrelated)
        : this(width, height) => Unrelated = unrelated;

    public int Width { get; }

    public int Height { get; }

    [ProcessIgnore]
    public object? Unrelated { get; }
}

internal sealed class Chosen
{
    public Chosen() => Made = "plain";

    [JsonConstructor]
    public Chosen(string made) => Made = made + "!";

    public string Made { get; set; }
}

internal sealed class WithOptional(string title, int priority = 3, object? context = null)
{
    public string Title { get; } = title;

    public int Priority { get; } = priority;

    [ProcessIgnore]
    public object? Context { get; } = context;
}

internal sealed class WithRequired
{
    public required string Name { get; init; }

    public required int? Age { get; set; }

    [ProcessIgnore]
    public required object Secret { get; set; }

    public List<int> Numbers { get; init; } = [1, 2, 3];
}

[method: SetsRequiredMembers]
internal sealed class SetsRequired(string name)
{
    public required string Name { get; set; } = name;
}

internal sealed class RequiredAndConstructor(string name)
{
    public required string Name { get; init; } = name;
}

internal abstract class Animal
{
    public abstract string Sound { get; set; }

    public virtual int Legs { get; set; } = 4;

    public string? Name { get; set; }
}

internal class Dog : Animal
{
    public override string Sound { get; set; } = "wau";

    public bool IsGood { get; set; }

    public override int Legs
    {
        get => base.Legs;
        set => base.Legs = value;
    }
}

internal sealed class Puppy : Dog
{
    public double Weeks;

    // Hides: both cross.
    public new bool IsGood { get; set; }
}

internal record Vehicle(int Wheels)
{
    public string? Owner { get; init; }
}

internal sealed record Truck(int Wheels, double Load) : Vehicle(Wheels);

internal static class Outer
{
    internal sealed class Middle<T>
    {
        public T? Value { get; set; }

        internal sealed class Inner<TOther>
            where TOther : notnull
        {
            public T? First;

            public Dictionary<TOther, T>? Second { get; set; }
        }
    }
}

internal sealed class Tree<T>
{
    public T? Value;
    public List<Tree<T>>? Children;
}

internal sealed class Chain
{
    public int Value;
    public Chain? Next;
}

internal sealed class GenericWithAccessor<T>(T value)
    where T : notnull
{
    public T Value { get; private set; } = value;

    public List<T> Seen { get; } = [];

    public T Also { get; private set; } = value;

    public void See(T next)
    {
        Seen.Add(next);
        Also = next;
    }
}

internal struct MutableStruct
{
    public MutableStruct() => Hidden = "from the constructor";

    public string? Hidden { get; private set; }

    public int Shown { get; set; }

    public void Hide(string text) => Hidden = text;
}

internal sealed class ReadOnlyFields
{
    public readonly int Number;
    public readonly string? Text;

    public ReadOnlyFields(int number)
    {
        Number = number;
        Text = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}

internal sealed class Computed
{
    public int Side { get; set; }

    public int Area => Side * Side;
}

[ProcessCodec(typeof(TemperatureCodec))]
internal readonly struct Temperature(double kelvin)
{
    private readonly double _kelvin = kelvin;

    public double Celsius => _kelvin - 273.15;

    public static Temperature FromCelsius(double celsius) => new(celsius + 273.15);
}

internal sealed class TemperatureCodec : Codec<Temperature>
{
    public override void Write(ref PayloadWriter writer, Temperature value) =>
        writer.WriteString(value.Celsius.ToString("R", System.Globalization.CultureInfo.InvariantCulture));

    public override Temperature Read(ref PayloadReader reader) =>
        Temperature.FromCelsius(double.Parse(reader.ReadString()!, System.Globalization.CultureInfo.InvariantCulture));
}

internal sealed class Measured
{
    public Temperature At;
    public Temperature[]? Series;
    public Dictionary<int, Temperature>? ByHour;
}

internal struct PartlyIgnored
{
    public int Kept;

    [ProcessIgnore]
    public int Dropped;
}

internal sealed class Names : Collection<string>
{
    public int CountOfNulls => this.Count(name => name is null);
}

internal sealed class Picky
{
    private int _number;

    public int Number
    {
        get => _number;
        set => _number = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), "no negative numbers");
    }

    public string? Name { get; set; }
}

[PreserveReferences]
internal sealed class Friend
{
    public required string Name { get; init; }

    public Friend? Best { get; set; }

    public List<Friend> All { get; init; } = [];

    public Money? Owes { get; private set; }

    public void Owe(Money? money) => Owes = money;
}

internal sealed class Job
{
    public Person? Owner { get; set; }

    public List<Owner>? Owners { get; set; }

    public Dictionary<string, Owner>? ByName { get; set; }

    public (int Number, Owner Owner) Pair { get; set; }
}

internal class Owner
{
    public string? Name { get; set; }
}

internal sealed class LoudOwner : Owner
{
    public int Volume { get; set; }
}

internal readonly struct Gapped(byte first, long second)
{
    private readonly byte _first = first;

    public long Second { get; } = second;

    public int Sum => _first + (int)Second;
}
