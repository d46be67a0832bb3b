namespace Procgen;

/// <summary>What holds for processes whose options say nothing else. Python's <c>set_start_method</c> and its like.</summary>
public static class ProcessDefaults
{
    private static readonly StartMethod[] Available = [StartMethod.Spawn];
    private static StartMethod _startMethod = StartMethod.Spawn;
    private static TimeSpan _startTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How processes are started. Python's <c>set_start_method</c>.</summary>
    /// <exception cref="PlatformNotSupportedException">The method is not available here.</exception>
    public static StartMethod StartMethod
    {
        get => _startMethod;
        set
        {
            Require(value);
            _startMethod = value;
        }
    }

    /// <summary>The start methods that work in this process. Python's <c>get_all_start_methods</c>.</summary>
    public static IReadOnlyList<StartMethod> AvailableStartMethods => Available;

    /// <summary>The program that workers are started from; null for this process's own. Python's <c>set_executable</c>.</summary>
    public static string? ExecutablePath { get; set; }

    /// <summary>How long a started process may take to connect, from 1 millisecond up; 30 seconds by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public static TimeSpan StartTimeout
    {
        get => _startTimeout;
        set
        {
            if (value != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1));
            _startTimeout = value;
        }
    }

    internal static void Require(StartMethod method)
    {
        if (!Available.Contains(method))
            throw new PlatformNotSupportedException($"The start method {method} is not available in this version; use {nameof(StartMethod.Spawn)}.");
    }
}
