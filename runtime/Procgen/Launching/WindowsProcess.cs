using System.ComponentModel;
using System.Text;
using Procgen.Interop;

namespace Procgen.Launching;

/// <summary>A child on Windows. It is in a job object of its own, which the system closes, and so ends the child, when this process ends in whatever way.</summary>
internal sealed class WindowsProcess : NativeProcess
{
    // What Python reports for these two, and what Unix does.
    private const int TerminatedExitCode = -15;
    private const int KilledExitCode = -9;

    private readonly WindowsChild _child;

    private WindowsProcess(WindowsChild child, OutputCapture? output)
        : base(child.Id, output) => _child = child;

    public static WindowsProcess Launch(LaunchRequest request)
    {
        nuint affinity = Affinity(request.Limits.ProcessorAffinity);
        if (request.Limits.MemoryLimit is <= 0) throw new ArgumentOutOfRangeException(nameof(request), request.Limits.MemoryLimit, "MemoryLimit is a positive number of bytes.");
        OutputCapture? output = OutputCapture.Create(request);
        WindowsChild child;
        try
        {
            child = Start(request, output, affinity);
        }
        catch
        {
            output?.Abandon();
            throw;
        }

        output?.Attach(child.Id);
        return new WindowsProcess(child, output);
    }

    private protected override void WaitForEnd() => _child.WaitForEnd();

    private protected override bool TryReap(out ExitStatus status)
    {
        int? code = _child.TryGetExitCode();
        status = new ExitStatus(code ?? 0, null);
        return code is not null;
    }

    private protected override void Signal(bool forcibly, bool entireTree)
    {
        int exitCode = forcibly ? KilledExitCode : TerminatedExitCode;
        if (entireTree) _child.EndTree(exitCode);
        else _child.End(exitCode);
    }

    private protected override void ReleaseHandles() => _child.Close();

    private static WindowsChild Start(LaunchRequest request, OutputCapture? output, nuint affinity)
    {
        HostCommand command = request.Command;
        var environment = new StringBuilder();
        foreach (string variable in EnvironmentBlock.Compose(request.Environment)) environment.Append(variable).Append('\0');

        try
        {
            return WindowsChild.Start(
                command.FileName, WindowsCommandLine.Join(command.FileName, command.Arguments), environment.Append('\0').ToString(),
                request.WorkingDirectory is { } directory ? Path.GetFullPath(directory) : null,
                Handle(request.StandardOutput, output?.OutputWriteEnd), Handle(request.StandardError, output?.ErrorWriteEnd),
                (uint)(request.Limits.Priority ?? 0), affinity, (nuint)(request.Limits.MemoryLimit ?? 0));
        }
        catch (Win32Exception e)
        {
            const int AccessDenied = 5;
            string message = $"Could not start '{command.FileName}': {e.Message}";
            throw e.NativeErrorCode == AccessDenied ? new UnauthorizedAccessException(message, e) : new Win32Exception(e.NativeErrorCode, message);
        }
    }

    private static nint? Handle(OutputMode mode, nint? writeEnd) => mode == OutputMode.Discard ? 0 : writeEnd;

    private static nuint Affinity(IReadOnlyList<int>? processors)
    {
        if (processors is null) return 0;
        nuint mask = 0;
        foreach (int processor in processors)
        {
            if (processor >= 8 * nuint.Size) throw ProcessLimits.Unfit(nameof(ProcessLimits.ProcessorAffinity), processor, "ProcessorAffinity holds a number that no processor of this group has.");
            mask |= (nuint)1 << processor;
        }

        return mask;
    }
}
