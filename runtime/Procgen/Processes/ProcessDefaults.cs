using Procgen.Launching;

namespace Procgen;

/// <summary>What holds for processes whose options say nothing else. Python's <c>set_start_method</c> and its like.</summary>
public static class ProcessDefaults
{
    private const string OverrideVariable = "PROCGEN_START_METHOD";
    private static readonly StartMethod[] Available = [StartMethod.Spawn, StartMethod.Standby, StartMethod.InProcess];
    private static readonly object Gate = new();
    private static StartMethod? _startMethod;
    private static TimeSpan _startTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How processes are started; may be set once. Where the environment variable <c>PROCGEN_START_METHOD</c> names a
    /// method, all processes are started by that one, whatever they ask for. Python's <c>set_start_method</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was set to another method before.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such method.</exception>
    public static StartMethod StartMethod
    {
        get => Resolve(null);
        set
        {
            Require(value);
            lock (Gate)
            {
                if (_startMethod is StartMethod set && set != value) throw new InvalidOperationException($"The start method was set to {set} before, and may be set only once; ProcessOptions.StartMethod sets it for one process.");
                _startMethod = value;
            }
        }
    }

    /// <summary>
    /// The most booted workers that wait in reserve for <see cref="StartMethod.Standby"/>; 8, or as many as there are
    /// processors, by default. How many do wait follows the demand; each takes some 10 MiB, and leaves when it is not needed for a while.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public static int StandbyReserve
    {
        get => WorkerReserve.Limit;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            WorkerReserve.Limit = value;
        }
    }

    /// <summary>The start methods that work in this process. Python's <c>get_all_start_methods</c>.</summary>
    public static IReadOnlyList<StartMethod> AvailableStartMethods => Available;

    /// <summary>The program that workers are started from; null for this process's own. Python's <c>set_executable</c>.</summary>
    /// <remarks>
    /// On Linux, an app on an installed runtime starts its own workers by the <c>dotnet</c> command, which is then their
    /// <see cref="Environment.ProcessPath"/>; that of this process, set here, starts them from its executable instead, somewhat slower.
    /// </remarks>
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

    /// <summary>Whether the environment decides on the start method.</summary>
    internal static bool IsOverridden => ReadOverride() is not null;

    internal static StartMethod Resolve(StartMethod? asked)
    {
        if (asked is StartMethod method) Require(method);
        return ReadOverride() ?? asked ?? _startMethod ?? StartMethod.Spawn;
    }

    private static void Require(StartMethod method)
    {
        if (Array.IndexOf(Available, method) < 0) throw new ArgumentOutOfRangeException(nameof(method), method, "There is no such start method.");
    }

    private static StartMethod? ReadOverride()
    {
        string? name = Environment.GetEnvironmentVariable(OverrideVariable);
        if (string.IsNullOrEmpty(name)) return null;
        foreach (StartMethod method in Available)
        {
            if (name.Equals(method.ToString(), StringComparison.OrdinalIgnoreCase)) return method;
        }

        throw new InvalidOperationException($"The environment variable {OverrideVariable} is '{name}'; it may be Spawn, Standby or InProcess.");
    }
}
