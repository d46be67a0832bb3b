using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Nothing is cut down to its declared type in silence: emitted codecs ask here first.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TypeGuard
{
    /// <summary>Refuses a value whose own type is more derived than <typeparamref name="T"/>.</summary>
    /// <exception cref="ProcessSerializationException">It is.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Exact<T>(T value)
        where T : class
    {
        if (value.GetType() != typeof(T)) PayloadErrors.MoreDerived(value.GetType(), typeof(T), union: false);
    }

    /// <summary>Refuses a value whose type <paramref name="union"/> does not list.</summary>
    /// <exception cref="ProcessSerializationException">Always.</exception>
    [DoesNotReturn]
    public static void NotListed(object value, Type union) => PayloadErrors.MoreDerived(value.GetType(), union, union: true);

    /// <summary>Refuses a tag that stands for no type of <paramref name="union"/>.</summary>
    /// <exception cref="ProcessSerializationException">Always.</exception>
    public static ProcessSerializationException UnknownTag(ushort tag, string union) => new($"no type of the union {union} has the tag {tag}");
}
