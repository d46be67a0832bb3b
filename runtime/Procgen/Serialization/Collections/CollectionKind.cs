namespace Procgen.Serialization;

/// <summary>What is to be known of a collection type before a value of it is enumerated.</summary>
internal enum CollectionKind
{
    /// <summary>A class that values have exactly: one that derives from it might hold more.</summary>
    Exact,

    /// <summary>As exact, and of the user's own: it may hold itself, so that each counts as a level of depth.</summary>
    Own,

    /// <summary>An interface or an abstract class, whose values are what their elements are.</summary>
    Open,

    /// <summary>A class that other threads may change meanwhile.</summary>
    Shared,

    /// <summary>Enumerated from the top, written from the bottom; perhaps shared.</summary>
    LastInFirstOut,

    /// <summary>An interface of such.</summary>
    OpenLastInFirstOut,
}
