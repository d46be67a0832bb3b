using System.ComponentModel;

namespace Procgen.CompilerServices;

/// <summary>Writes values of one type to a payload and reads them back, in MemoryPack's binary format.</summary>
/// <remarks>Stateless and thread-safe: one instance serves every call.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class Codec<T>
{
    /// <summary>Appends <paramref name="value"/>.</summary>
    /// <exception cref="ProcessSerializationException">The value cannot be encoded after all.</exception>
    public abstract void Write(ref PayloadWriter writer, T value);

    /// <summary>Reads one value.</summary>
    /// <exception cref="ProcessSerializationException">The bytes are not such a value.</exception>
    public abstract T Read(ref PayloadReader reader);
}
