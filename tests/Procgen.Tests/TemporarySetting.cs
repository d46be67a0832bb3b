namespace Procgen.Tests;

/// <summary>A setting that has another value until this is disposed, for all of this process.</summary>
internal sealed class TemporarySetting<T> : IDisposable
{
    private readonly T _usual;
    private readonly Action<T> _set;

    /// <param name="usual">What it is set to again.</param>
    /// <param name="value">What it is set to until then.</param>
    /// <param name="set">Sets it.</param>
    public TemporarySetting(T usual, T value, Action<T> set)
    {
        (_usual, _set) = (usual, set);
        set(value);
    }

    public void Dispose() => _set(_usual);
}
