using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>A process that was started by <c>CreateProcess</c>, with the job object that ends it with its parent.</summary>
internal sealed unsafe class WindowsChild
{
    private const uint KillOnJobClose = 0x2000;
    private const uint ChildrenStayOutside = 0x1000;
    private const uint LimitProcessMemory = 0x100;
    private const uint Forever = uint.MaxValue;

    private readonly nint _process;
    private readonly nint _job;

    private WindowsChild(nint process, nint job, int id)
    {
        _process = process;
        _job = job;
        Id = id;
    }

    public int Id { get; }

    /// <summary>Starts <paramref name="application"/> with an empty standard input.</summary>
    /// <param name="application">The program's full path.</param>
    /// <param name="commandLine">Its whole command line.</param>
    /// <param name="environment">Its whole environment: NAME=value, sorted, each with a null character behind it, and one more.</param>
    /// <param name="directory">Where it runs; null for where this process is.</param>
    /// <param name="output">A handle to write to, 0 for nowhere, null for where this process writes.</param>
    /// <param name="error">The same for its standard error.</param>
    /// <param name="priority">The priority class, 0 for the default.</param>
    /// <param name="affinity">A bit for each processor it may use, 0 for all.</param>
    /// <param name="memoryLimit">The most bytes it may commit, 0 for no limit.</param>
    /// <exception cref="Win32Exception">The system's refusal.</exception>
    public static WindowsChild Start(
        string application, string commandLine, string environment, string? directory,
        nint? output, nint? error, uint priority, nuint affinity, nuint memoryLimit)
    {
        nint* handles = stackalloc nint[3];
        nint job = 0;
        Kernel32.ProcessInformation information = default;
        try
        {
            handles[0] = WindowsHandles.OpenNothing();
            handles[1] = WindowsHandles.ForChild(output, WindowsHandles.StandardOutput);
            handles[2] = WindowsHandles.ForChild(error, WindowsHandles.StandardError);
            job = CreateJob(memoryLimit);
            Create(application, commandLine, environment, directory, priority, handles, &information);

            // It is still suspended: it runs no instruction outside its job or off its processors.
            Check(Kernel32.AssignProcessToJobObject(job, information.Process));
            if (affinity != 0) Check(Kernel32.SetProcessAffinityMask(information.Process, affinity));
            _ = Kernel32.ResumeThread(information.Thread);
            return new WindowsChild(information.Process, job, information.ProcessId);
        }
        catch
        {
            if (information.Process != 0)
            {
                _ = Kernel32.TerminateProcess(information.Process, 1);
                _ = Kernel32.CloseHandle(information.Process);
            }

            if (job != 0) _ = Kernel32.CloseHandle(job);
            throw;
        }
        finally
        {
            if (information.Thread != 0) _ = Kernel32.CloseHandle(information.Thread);
            for (int i = 0; i < 3; i++)
                if (handles[i] != 0) _ = Kernel32.CloseHandle(handles[i]);
        }
    }

    public void WaitForEnd() => _ = Kernel32.WaitForSingleObject(_process, Forever);

    /// <summary>Null while it runs.</summary>
    public int? TryGetExitCode()
    {
        uint code;
        return Kernel32.WaitForSingleObject(_process, 0) == 0 && Kernel32.GetExitCodeProcess(_process, &code) != 0 ? unchecked((int)code) : null;
    }

    public void End(int exitCode) => _ = Kernel32.TerminateProcess(_process, unchecked((uint)exitCode));

    /// <summary>Ends also what descends from it, the youngest first.</summary>
    public void EndTree(int exitCode) => WindowsTree.End(Id, _process, unchecked((uint)exitCode));

    public void Close()
    {
        _ = Kernel32.CloseHandle(_process);
        _ = Kernel32.CloseHandle(_job);
    }

    private static void Create(
        string application, string commandLine, string environment, string? directory, uint priority,
        nint* handles, Kernel32.ProcessInformation* information)
    {
        const uint UnicodeEnvironment = 0x400, Suspended = 4, WithAttributes = 0x80000;
        const int UseStandardHandles = 0x100;
        const nuint HandleList = 0x20002;

        nuint size = 0;
        _ = Kernel32.InitializeProcThreadAttributeList(null, 1, 0, &size);
        byte* attributes = stackalloc byte[(int)size];
        Check(Kernel32.InitializeProcThreadAttributeList(attributes, 1, 0, &size));
        try
        {
            // These three and no others pass to the child.
            Check(Kernel32.UpdateProcThreadAttribute(attributes, 0, HandleList, handles, (nuint)(3 * sizeof(nint)), null, null));
            Kernel32.StartupInformation startup = new()
            {
                Size = sizeof(Kernel32.StartupInformation),
                Flags = UseStandardHandles,
                Input = handles[0],
                Output = handles[1],
                Error = handles[2],
                Attributes = attributes,
            };

            // CreateProcessW may write to the command line.
            char[] writable = [.. commandLine, '\0'];
            fixed (char* program = application, line = writable, variables = environment, where = directory)
            {
                Check(Kernel32.CreateProcessW(
                    program, line, null, null, inherit: 1, UnicodeEnvironment | Suspended | WithAttributes | priority,
                    variables, where, &startup, information));
            }
        }
        finally
        {
            Kernel32.DeleteProcThreadAttributeList(attributes);
        }
    }

    private static nint CreateJob(nuint memoryLimit)
    {
        const int ExtendedLimits = 9;
        nint job = Kernel32.CreateJobObjectW(null, null);
        if (job == 0) throw new Win32Exception(Marshal.GetLastPInvokeError());

        // What its targets start is not part of it: that lives on, as it does on Unix.
        Kernel32.JobLimits limits = new() { Flags = KillOnJobClose | ChildrenStayOutside, ProcessMemory = memoryLimit };
        if (memoryLimit != 0) limits.Flags |= LimitProcessMemory;
        if (Kernel32.SetInformationJobObject(job, ExtendedLimits, &limits, (uint)sizeof(Kernel32.JobLimits)) == 0)
        {
            int error = Marshal.GetLastPInvokeError();
            _ = Kernel32.CloseHandle(job);
            throw new Win32Exception(error);
        }

        return job;
    }

    private static void Check(int succeeded)
    {
        if (succeeded == 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
