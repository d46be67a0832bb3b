using System.Collections.Generic;
using System.Linq;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>The names inside one emitted call: the target's own for its arguments, unless a base class has them, and what is left for ours.</summary>
internal sealed class Locals
{
    /// <summary>Members of the base classes: inside the call they would hide a parameter of the same name.</summary>
    private static readonly string[] BaseMembers =
    [
        "Target", "TargetName", "InvokeAsync", "Invoke", "WriteArguments", "ReportProgress", "InvokeHereAsync", "InvokeResultHereAsync", "ExecuteAsync",
        "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "ReferenceEquals", "Finalize",
    ];

    public Locals(TargetModel target, CallNames names)
    {
        HashSet<string> taken = [.. BaseMembers, names.Call, names.Target];
        Arguments = [.. target.Parameters.Where(static parameter => parameter.IsInStub).Select(parameter =>
        {
            string name = Take(parameter.Name);
            return new Argument(parameter, name, parameter.Kind == ParameterKind.Progress ? Take(name.TrimStart('@') + "IsRemote") : null);
        })];
        Writer = Take("writer");
        Reader = Take("reader");
        Index = Take("index");
        Invocation = Take("invocation");
        Current = Take("argument");
        Error = Take("error");

        string Take(string name)
        {
            string free = CallNames.Free(name, taken);
            taken.Add(free);
            return free;
        }
    }

    public IReadOnlyList<Argument> Arguments { get; }

    public string Writer { get; }

    public string Reader { get; }

    public string Index { get; }

    public string Invocation { get; }

    public string Current { get; }

    public string Error { get; }

    /// <summary>The call's constructor arguments as they are read from a payload, in the order in which they were written.</summary>
    public static IEnumerable<string> ReadExpressions(TargetModel target, string reader) => target.Parameters
        .Where(static parameter => parameter.IsInStub)
        .SelectMany(parameter => parameter.Kind == ParameterKind.Progress
            ? ["null!", $"{reader}.ReadUnmanaged<bool>()"]
            : new[] { Expressions.Read(parameter.Type!, parameter.TypeName, reader) });

    /// <summary>What the target is called with, in its own order.</summary>
    public IEnumerable<string> CallArguments(TargetModel target)
    {
        int given = 0;
        int progress = 0;
        foreach (ParameterModel parameter in target.Parameters)
        {
            yield return parameter.Kind switch
            {
                ParameterKind.CancellationToken => $"{Invocation}.CancellationToken",
                ParameterKind.WorkerContext => $"{Invocation}.Worker",
                ParameterKind.Progress => Arguments[given++].Far(Invocation, progress++),
                _ => Arguments[given++].Passed,
            };
        }
    }
}

/// <summary>An argument as the call keeps it.</summary>
/// <param name="Parameter">The target's parameter.</param>
/// <param name="Name">What it is called inside the call.</param>
/// <param name="RemoteFlag">Of a progress: whether the caller, in another process, gave one.</param>
internal sealed record Argument(ParameterModel Parameter, string Name, string? RemoteFlag)
{
    public bool IsProgress => RemoteFlag is not null;

    /// <summary>As the target takes it.</summary>
    public string Passed => Parameter.TargetTakesNoNull ? Name + "!" : Name;

    public IEnumerable<string> ConstructorParameters
    {
        get
        {
            yield return $"{Parameter.TypeName} {Name}";
            if (IsProgress) yield return $"bool {RemoteFlag}";
        }
    }

    /// <summary>Of what is written: of a progress, only whether there is one.</summary>
    public TypeShape Shape => IsProgress ? TypeShape.Unmanaged : Parameter.Type!.Shape;

    public string Write(string writer) => IsProgress
        ? $"{writer}.WriteUnmanaged({RemoteFlag} || {Name} is not null);"
        : Expressions.Write(Parameter.Type!, Parameter.TypeName, Name, writer);

    /// <summary>What a target reports to: the caller's own where the call runs in its process.</summary>
    public string Far(string invocation, int index) =>
        $"{RemoteFlag} ? {invocation}.Progress<{Parameter.Progress}>({index}, {Expressions.Codec(Parameter.Type!, Parameter.Progress!)}) : {Passed}";
}
