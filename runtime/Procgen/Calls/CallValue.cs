using Procgen.CompilerServices;
using Procgen.Framing;

namespace Procgen.Calls;

/// <summary>A value that a call gives: its result, or an item of its stream.</summary>
/// <param name="Id">The call's id on its link.</param>
/// <param name="Codec">Writes the value.</param>
/// <param name="Value">The value.</param>
internal readonly record struct CallValue<T>(uint Id, Codec<T> Codec, T Value)
{
    public static readonly FrameBody<CallValue<T>> Write = static (ref PayloadWriter writer, CallValue<T> given) =>
    {
        writer.WriteMemory(given.Id);
        given.Codec.Write(ref writer, given.Value);
    };
}
