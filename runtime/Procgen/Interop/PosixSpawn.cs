using System.Text;

namespace Procgen.Interop;

/// <summary>Starts a program by <c>posix_spawn</c>: no copy of this process's page tables, and errors of the exec come back here.</summary>
internal static unsafe class PosixSpawn
{
    /// <summary>For <see cref="Start"/>: the child writes where this process does.</summary>
    public const int InheritOutput = -1;

    /// <summary>For <see cref="Start"/>: what the child writes is dropped.</summary>
    public const int DiscardOutput = -2;

    private const short SetDefaultSignals = 0x04;
    private const short SetSignalMask = 0x08;
    private const int OpenWriteOnly = 1;

    // posix_spawnattr_t and posix_spawn_file_actions_t have 336 and 80 bytes in glibc and musl, 8 on macOS.
    private const int OpaqueWords = 64;

    /// <summary>Starts <paramref name="path"/> with an empty standard input.</summary>
    /// <param name="path">The program, absolute.</param>
    /// <param name="arguments">Its arguments, the name it is called by first.</param>
    /// <param name="environment">Its whole environment, as NAME=value.</param>
    /// <param name="workingDirectory">Where it runs; null for where this process is.</param>
    /// <param name="standardOutput">A descriptor, <see cref="InheritOutput"/> or <see cref="DiscardOutput"/>.</param>
    /// <param name="standardError">The same for its standard error.</param>
    /// <param name="process">Its id.</param>
    /// <returns>0, or the system's error number.</returns>
    /// <remarks>
    /// The child stays in this process's group (no POSIX_SPAWN_SETPGROUP): Ctrl+Z stops it with its parent, job control and
    /// <c>kill -- -group</c> reach it, and it never becomes a background group, which the terminal stops (SIGTTOU) as soon as
    /// it changes a setting. What a group of its own would give, that Ctrl+C does not reach it, is done without: SIGINT is
    /// blocked until the worker has its own handler (<see cref="Launching.ProcessSetup"/>), so it cannot die while it starts.
    /// Signals have their default action, as the CLR ignores SIGPIPE and what is ignored stays so in started programs; but for
    /// those that a shell or nohup ignores on purpose.
    /// </remarks>
    public static int Start(
        string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, string? workingDirectory,
        int standardOutput, int standardError, out int process)
    {
        ulong* actions = stackalloc ulong[OpaqueWords];
        ulong* attributes = stackalloc ulong[OpaqueWords];
        using var argumentBlock = new NativeStrings(arguments);
        using var environmentBlock = new NativeStrings(environment);
        process = 0;

        int error = LibC.posix_spawn_file_actions_init(actions);
        if (error != 0) return error;
        error = LibC.posix_spawnattr_init(attributes);
        if (error != 0)
        {
            _ = LibC.posix_spawn_file_actions_destroy(actions);
            return error;
        }

        try
        {
            error = SetSignals(attributes);
            if (error == 0) error = Redirect(actions, standardOutput, standardError);
            if (error == 0 && workingDirectory is not null) error = ChangeDirectory(actions, workingDirectory);
            if (error != 0) return error;

            int id;
            fixed (byte* program = Encoding.UTF8.GetBytes(path + '\0'))
                error = LibC.posix_spawn(&id, program, actions, attributes, argumentBlock.Pointer, environmentBlock.Pointer);
            process = id;
            return error;
        }
        finally
        {
            _ = LibC.posix_spawnattr_destroy(attributes);
            _ = LibC.posix_spawn_file_actions_destroy(actions);
        }
    }

    private static int SetSignals(void* attributes)
    {
        LibC.SignalSet reset, blocked;
        _ = LibC.sigfillset(&reset);
        _ = LibC.sigdelset(&reset, LibC.Hangup);
        _ = LibC.sigdelset(&reset, LibC.Interrupt);
        _ = LibC.sigdelset(&reset, LibC.Quit);
        _ = LibC.sigemptyset(&blocked);
        _ = LibC.sigaddset(&blocked, LibC.Interrupt);

        int error = LibC.posix_spawnattr_setsigdefault(attributes, &reset);
        if (error == 0) error = LibC.posix_spawnattr_setsigmask(attributes, &blocked);
        if (error == 0) error = LibC.posix_spawnattr_setflags(attributes, SetDefaultSignals | SetSignalMask);
        return error;
    }

    private static int Redirect(void* actions, int standardOutput, int standardError)
    {
        fixed (byte* nothing = "/dev/null\0"u8)
        {
            int error = LibC.posix_spawn_file_actions_addopen(actions, 0, nothing, 0, 0);
            if (error == 0) error = Redirect(actions, 1, standardOutput, nothing);
            if (error == 0) error = Redirect(actions, 2, standardError, nothing);
            return error;
        }
    }

    private static int Redirect(void* actions, int descriptor, int to, byte* nothing) => to switch
    {
        InheritOutput => 0,
        DiscardOutput => LibC.posix_spawn_file_actions_addopen(actions, descriptor, nothing, OpenWriteOnly, 0),
        _ => LibC.posix_spawn_file_actions_adddup2(actions, to, descriptor),
    };

    private static int ChangeDirectory(void* actions, string workingDirectory)
    {
        fixed (byte* path = Encoding.UTF8.GetBytes(workingDirectory + '\0'))
        {
            try
            {
                return LibC.posix_spawn_file_actions_addchdir_np(actions, path);
            }
            catch (EntryPointNotFoundException e)
            {
                throw new PlatformNotSupportedException("This system's C library is too old to start a process in another working directory (glibc 2.29, musl 1.1.24 or macOS 10.15 can).", e);
            }
        }
    }
}
