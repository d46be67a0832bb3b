namespace Procgen.CompilerServices;

/// <summary>
/// Writes values of one type to a payload and reads them back, in MemoryPack's binary format. The generator emits one for
/// every type that crosses; derive from it for a type of your own and name it in <c>[ProcessCodec]</c>.
/// </summary>
/// <remarks>Stateless and thread-safe: one instance serves every call. A codec of a reference type writes and reads null too.</remarks>
/// <typeparam name="T">The type as declared.</typeparam>
public abstract class Codec<T>
{
    /// <summary>
    /// The fewest bytes that a value takes, at least 1. A collection's length is held against it before anything is
    /// allocated, so a greater number is a tighter bound.
    /// </summary>
    public virtual int MinimumSize => 1;

    /// <summary>Appends <paramref name="value"/>.</summary>
    /// <exception cref="ProcessSerializationException">The value cannot be encoded after all.</exception>
    public abstract void Write(ref PayloadWriter writer, T value);

    /// <summary>Reads one value.</summary>
    /// <exception cref="ProcessSerializationException">The bytes are not such a value.</exception>
    public abstract T Read(ref PayloadReader reader);
}
