using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Strings.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StringCodec : Codec<string>
{
    /// <summary>The one instance.</summary>
    public static readonly StringCodec Instance = new();

    private StringCodec()
    {
    }

    /// <inheritdoc/>
    public override int MinimumSize => sizeof(int);

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, string? value) => writer.WriteString(value);

    /// <inheritdoc/>
    public override string Read(ref PayloadReader reader) => reader.ReadString()!;
}

/// <summary>What is made from a string of its own: addresses, cultures, time zones.</summary>
/// <param name="format">The string.</param>
/// <param name="parse">Makes the value; what it throws becomes a <see cref="ProcessSerializationException"/>.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TextCodec<T>(Func<T, string> format, Func<string, T> parse) : Codec<T>
    where T : class
{
    /// <inheritdoc/>
    public override int MinimumSize => sizeof(int);

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, T? value)
    {
        if (value is not null && value.GetType() != typeof(T)) PayloadErrors.MoreDerived(value.GetType(), typeof(T), union: false);
        writer.WriteString(value is null ? null : format(value));
    }

    /// <inheritdoc/>
    public override T Read(ref PayloadReader reader)
    {
        string? text = reader.ReadString();
        if (text is null) return null!;
        try
        {
            return parse(text);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            PayloadErrors.Invalid(typeof(T), cause);
            throw;
        }
    }
}

/// <summary>The types that are written as their text.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TextCodecs
{
    /// <summary>By the string it was made from, absolute or relative.</summary>
    public static readonly TextCodec<Uri> Uri = new(static uri => uri.OriginalString, static text => new Uri(text, UriKind.RelativeOrAbsolute));

    /// <summary>By its name; what was changed in it does not cross.</summary>
    public static readonly TextCodec<CultureInfo> CultureInfo = new(
        static culture => culture.Name,
        static name => System.Globalization.CultureInfo.GetCultureInfo(name));

    /// <summary>With all its rules, so that the other side need not know the zone.</summary>
    public static readonly TextCodec<TimeZoneInfo> TimeZoneInfo = new(
        static zone => zone.ToSerializedString(),
        static text => System.TimeZoneInfo.FromSerializedString(text));
}

/// <summary>String builders: their characters as they are, lone surrogates included.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StringBuilderCodec : Codec<StringBuilder>
{
    /// <summary>The one instance.</summary>
    public static readonly StringBuilderCodec Instance = new();

    private StringBuilderCodec()
    {
    }

    /// <inheritdoc/>
    public override int MinimumSize => sizeof(int);

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, StringBuilder? value)
    {
        if (value is null)
        {
            writer.WriteNullCollection();
            return;
        }

        writer.WriteMemory(value.Length);
        foreach (ReadOnlyMemory<char> chunk in value.GetChunks()) writer.WriteMemorySpan(chunk.Span);
    }

    /// <inheritdoc/>
    public override StringBuilder Read(ref PayloadReader reader)
    {
        // Usually UTF-16, but the UTF-8 form is a string like any other.
        int length = reader.PeekInt32();
        if (length < PayloadFormat.NullCollection) return new StringBuilder(reader.ReadString());
        if (!reader.TryReadBlockLength<char>(out length)) return null!;
        return new StringBuilder(length).Append(MemoryMarshal.Cast<byte, char>(reader.TakeSpan(length * sizeof(char))));
    }
}
