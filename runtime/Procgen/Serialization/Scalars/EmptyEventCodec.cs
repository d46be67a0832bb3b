using System.ComponentModel;

namespace Procgen.CompilerServices;

/// <summary>An event that says only that it was raised: no bytes, <see cref="EventArgs.Empty"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class EmptyEventCodec : Codec<EventArgs>
{
    private EmptyEventCodec()
    {
    }

    /// <summary>The only one.</summary>
    public static EmptyEventCodec Instance { get; } = new();

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, EventArgs value)
    {
    }

    /// <inheritdoc/>
    public override EventArgs Read(ref PayloadReader reader) => EventArgs.Empty;
}
