using Procgen.CompilerServices;

namespace Procgen.Tests.Pools;

/// <summary>Targets that are given a pipe end: the other end tells who still counts as open.</summary>
internal static class PoolHandleJobs
{
    [ProcessTarget]
    public static void Touch(Connection<int> end) => end.Dispose();

    [ProcessTarget]
    public static void TouchWith(Connection<int> end, Prickly prickly) => end.Dispose();

    [ProcessTarget]
    public static IEnumerable<int> SendAndYield(Connection<int> end, int count)
    {
        using (end)
        {
            for (int i = 0; i < count; i++)
            {
                end.Send(i);
                yield return i;
            }
        }
    }
}

/// <summary>Cannot be written.</summary>
[ProcessCodec(typeof(PricklyCodec))]
internal sealed class Prickly;

internal sealed class PricklyCodec : Codec<Prickly>
{
    public override void Write(ref PayloadWriter writer, Prickly value) => throw new FormatException("do not touch");

    public override Prickly Read(ref PayloadReader reader) => new();
}
