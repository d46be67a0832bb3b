using NUnit.Framework;

namespace Procgen.Tests.Serialization;

[TestFixture]
public sealed class ObjectTests
{
    private static object[] Same() =>
    [
        Vector.Of(new Money(12.34m, "EUR")),
        Vector.Of(new Label("heavy", 900)),
        Vector.Of(new Captured(5, "five") { Note = "n" }),
        Vector.Of(new SeveralConstructors(2, 3)),
        Vector.Of(new WithOptional("t", 8)),
        Vector.Of(new WithRequired { Name = "x", Age = null, Secret = "s", Numbers = [] }),
        Vector.Of(new SetsRequired("required")),
        Vector.Of(new RequiredAndConstructor("x") { Name = "y" }),
        Vector.Of(new Dog { Sound = "wuff", Legs = 3, Name = "Rex", IsGood = true }),
        Vector.Of(new Puppy { Sound = "wiff", Weeks = 2.5, IsGood = true }),
        Vector.Of(new Vehicle(4) { Owner = "me" }),
        Vector.Of(new Truck(6, 7.5) { Owner = "you" }),
        Vector.Of(new Outer.Middle<int> { Value = 4 }),
        Vector.Of(new Outer.Middle<string>.Inner<int> { First = "f", Second = new() { [1] = "one" } }),
        Vector.Of(new Tree<int> { Value = 1, Children = [new() { Value = 2, Children = [] }, new() { Value = 3 }] }),
        Vector.Of(new ReadOnlyFields(17)),
        Vector.Of(new Computed { Side = 4 }),
        Vector.Of(new PartlyIgnored { Kept = 4 }),
        Vector.Of(new PartlyIgnored[] { new() { Kept = 4 }, new() { Kept = 5 } }),
        Vector.Of(new Names { "a", "b" }),
        Vector.Of(new Measured { At = Temperature.FromCelsius(20), Series = [Temperature.FromCelsius(1.5)], ByHour = new() { [3] = Temperature.FromCelsius(-4) } }),
        Vector.Of<Shape>(new Circle("red", 2)),
        Vector.Of<Shape>(new Polygon("blue", [1, 2])),
        Vector.Of<Shape>(new Labelled<int>("green", 6)),
        Vector.Of(new Tree<Shape> { Value = new Circle("red", 1), Children = [new() { Value = null }] }),
        Vector.Of<OpenBase>(new OpenBase { Number = 1, Next = new OpenDerived { Text = "t", Next = new OpenBase() } }),
        Vector.Of<IPet>(new Cat { Lives = 2 }),
        Vector.Of<IPet>(new Bird { Span = 2.5 }),
        Vector.Of<Plant>(new Branch { Parts = [new Leaf { IsGreen = true }, new Branch()] }),
    ];

    [TestCaseSource(nameof(Same))]
    public void An_object_comes_back_as_it_was(object vector)
    {
        Vector typed = (Vector)vector;
        object? read = typed.Decode(typed.Encode());
        Assert.That(read?.GetType(), Is.EqualTo(typed.Value?.GetType()));
        Assert.That(Describe.It(read), Is.EqualTo(Describe.It(typed.Value)));
    }

    [Test]
    public void The_constructor_that_an_attribute_names_is_called() =>
        Assert.That(Payload.Decode<Chosen>(Payload.Encode(new Chosen())).Made, Is.EqualTo("plain!"));

    [Test]
    public void Private_setters_and_the_fields_behind_properties_are_set_also_in_generic_types()
    {
        GenericWithAccessor<string> value = new("first");
        value.See("second");
        GenericWithAccessor<string> read = Payload.Decode<GenericWithAccessor<string>>(Payload.Encode(value));
        Assert.That(read.Value, Is.EqualTo("first"));
        Assert.That(read.Also, Is.EqualTo("second"));
        Assert.That(read.Seen, Is.EqualTo(new[] { "second" }));
    }

    [Test]
    public void A_private_setter_of_a_struct_is_called_on_the_struct_itself()
    {
        MutableStruct value = new() { Shown = 3 };
        value.Hide("set");
        MutableStruct read = Payload.Decode<MutableStruct>(Payload.Encode(value));
        Assert.That((read.Hidden, read.Shown), Is.EqualTo(("set", 3)));
    }

    [Test]
    public void An_ignored_member_has_its_default_on_the_other_side()
    {
        WithRequired value = new() { Name = "x", Age = 4, Secret = new object() };
        Assert.That(Payload.Decode<WithRequired>(Payload.Encode(value)).Secret, Is.Null);
        Assert.That(Payload.Decode<PartlyIgnored>(Payload.Encode(new PartlyIgnored { Kept = 1, Dropped = 2 })).Dropped, Is.Zero);
    }

    [Test]
    public void A_member_that_another_hides_crosses_beside_it()
    {
        Puppy value = new() { IsGood = false };
        ((Dog)value).IsGood = true;
        Puppy read = Payload.Decode<Puppy>(Payload.Encode(value));
        Assert.That((read.IsGood, ((Dog)read).IsGood), Is.EqualTo((false, true)));
    }

    [Test]
    public void An_override_stays_where_its_base_was_declared()
    {
        byte[] bytes = Payload.Encode(new Dog { Sound = "", Legs = 0x04030201, Name = null, IsGood = true });
        Assert.That(Convert.ToHexString(bytes), Is.EqualTo("04" + "00000000" + "01020304" + "FFFFFFFF" + "01"));
    }

    [Test]
    public void Members_that_an_older_payload_lacks_have_their_defaults()
    {
        byte[] bytes = Payload.Encode(new ABC { A = 5, B = "b", C = [1] });
        byte[] shorter = [1, .. bytes[1..5]];
        Assert.That(Describe.It(Payload.Decode<ABC>(shorter)), Is.EqualTo(Describe.It(new ABC { A = 5 })));
    }

    [Test]
    public void More_members_than_the_type_has_are_refused() =>
        Assert.That(() => Payload.Decode<Empty>([1, 0]), Throws.TypeOf<ProcessSerializationException>().With.Message.Contains("Empty"));

    [Test]
    public void Struct_bytes_that_say_null_are_refused() =>
        Assert.That(() => Payload.Decode<RefStruct>([0xFF]), Throws.TypeOf<ProcessSerializationException>());

    [Test]
    public void Numbers_of_json_discriminators_are_kept_as_tags_and_names_count_in_order()
    {
        Assert.That(Payload.Encode<Plant>(new Leaf())[0], Is.EqualTo(5));
        Assert.That(Payload.Encode<Plant>(new Branch())[0], Is.EqualTo(2));
        Assert.That(Payload.Encode<IPet>(new Cat())[0], Is.Zero);
        Assert.That(Payload.Encode<IPet>(new Bird())[0], Is.EqualTo(1));
    }
}
