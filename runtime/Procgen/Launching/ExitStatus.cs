namespace Procgen.Launching;

/// <summary>How a process ended. <see cref="ExitCode"/> is minus the signal's number where a signal ended it.</summary>
internal readonly record struct ExitStatus(int ExitCode, int? Signal)
{
    /// <summary>What is reported where the system has lost the status: somebody else reaped the child.</summary>
    public static ExitStatus Unknown { get; } = new(255, null);

    /// <summary>From what <c>waitpid</c> reports. 143 from <c>exit(143)</c> and -15 from SIGTERM stay apart here.</summary>
    public static ExitStatus FromWaitStatus(int status)
    {
        int signal = status & 0x7f;
        return signal == 0 ? new ExitStatus((status >> 8) & 0xff, null) : new ExitStatus(-signal, signal);
    }
}
