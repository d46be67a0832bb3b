namespace Procgen.Tests.Serialization;

/// <summary>Names the types of the zoo, so that the generator emits their codecs. Nobody calls it.</summary>
internal static class ZooTargets
{
    [ProcessTarget]
    public static void Name(
        Probe<Money> p0,
        Probe<Label> p1,
        Probe<Captured> p2,
        Probe<SeveralConstructors> p3,
        Probe<Chosen> p4,
        Probe<WithOptional> p5,
        Probe<WithRequired> p6,
        Probe<SetsRequired> p7,
        Probe<RequiredAndConstructor> p8,
        Probe<Dog> p9,
        Probe<Puppy> p10,
        Probe<Vehicle> p11,
        Probe<Truck> p12,
        Probe<Outer.Middle<int>> p13,
        Probe<Outer.Middle<string>.Inner<int>> p14,
        Probe<Tree<int>> p15,
        Probe<Chain> p16,
        Probe<GenericWithAccessor<string>> p17,
        Probe<MutableStruct> p18,
        Probe<ReadOnlyFields> p19,
        Probe<Computed> p20,
        Probe<Shape> p21,
        Probe<Polygon> p22,
        Probe<OpenBase> p23,
        Probe<IPet> p24,
        Probe<Plant> p25,
        Probe<Measured> p26,
        Probe<PartlyIgnored> p27,
        Probe<PartlyIgnored[]> p28,
        Probe<Names> p29,
        Probe<Picky> p30,
        Probe<Friend> p31,
        Probe<Friend[]> p32,
        Probe<Job> p33,
        Probe<Tree<Shape>> p34,
        Probe<(CR, Node)> p35,
        Probe<RefStruct> p36,
        Probe<(int, Guid)> p37,
        Probe<(int, byte)?> p38,
        Probe<(byte, Gapped?)> p39,
        Probe<Dictionary<Gapped, byte>> p40,
        Probe<Gapped?> p41,
        Probe<Gapped> p44,
        Probe<Dictionary<(byte, DateTime), (long, byte)>> p42,
        Probe<Dictionary<KeyValuePair<byte, int>, short>> p43)
    {
        // Only its signature counts.
    }
}
