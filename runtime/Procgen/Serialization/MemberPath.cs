using System.ComponentModel;

namespace Procgen.CompilerServices;

/// <summary>
/// How a <see cref="ProcessSerializationException"/> learns which member it is about. Codecs call this from exception
/// filters, which run from the inside out before anything is unwound, so that a path costs nothing where nothing fails.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MemberPath
{
    /// <summary>Puts a member's name before the path.</summary>
    /// <returns>Always false: the exception goes on.</returns>
    public static bool Note(Exception error, string member)
    {
        (error as ProcessSerializationException)?.Within(member);
        return false;
    }

    /// <summary>Puts the name of one of <paramref name="members"/> before the path; no name where the index is past them.</summary>
    /// <returns>Always false: the exception goes on.</returns>
    public static bool Note(Exception error, string[] members, int member) =>
        (uint)member < (uint)members.Length && Note(error, members[member]);

    /// <summary>Puts an element's index before the path.</summary>
    /// <returns>Always false: the exception goes on.</returns>
    public static bool Note(Exception error, int index)
    {
        (error as ProcessSerializationException)?.Within(index);
        return false;
    }

    /// <summary>Like <see cref="Note(Exception, string[], int)"/>, where a type's own code may fail on the values that were read for it.</summary>
    /// <returns>Whether to throw <see cref="Refused"/> instead.</returns>
    public static bool NoteOrCatch(Exception error, string[] members, int member) => IsForeign(error) || Note(error, members, member);

    /// <inheritdoc cref="NoteOrCatch(Exception, string[], int)"/>
    internal static bool NoteOrCatch(Exception error, int index) => IsForeign(error) || Note(error, index);

    /// <summary>What a constructor or a setter threw at the values that were read for it.</summary>
    public static ProcessSerializationException Refused(Exception error, string type) =>
        new($"{type} refuses the values that were read for it: {error.Message}", inner: error);

    private static bool IsForeign(Exception error) => error is not ProcgenException and not OutOfMemoryException;
}
