using System.ComponentModel;

namespace Procgen.CompilerServices;

/// <summary>Strings.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StringCodec : Codec<string>
{
    private StringCodec()
    {
    }

    /// <summary>The one there is.</summary>
    public static StringCodec Instance { get; } = new();

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, string value) => writer.WriteString(value);

    /// <inheritdoc/>
    public override string Read(ref PayloadReader reader) => reader.ReadString()!;
}
