using System;
using System.Collections.Generic;
using System.Linq;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>The names inside one emitted call: the target's own for its arguments, unless a base class has them, and what is left for ours.</summary>
internal sealed class Locals
{
    /// <summary>Members of the call and of its base classes: inside the call they would hide a parameter of the same name.</summary>
    private static readonly string[] TakenMembers =
    [
        "Read", "Run", "Method", "Target", "TargetName", "Member", "Result", "Open", "Execute", "Create", "Subscribe", "Await", "InvokeAsync", "Invoke", "WriteArguments", "ReportProgress", "InvokeHereAsync", "InvokeResultHereAsync", "ExecuteAsync",
        "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "ReferenceEquals", "Finalize",
    ];

    /// <param name="parameters">The method's parameters.</param>
    /// <param name="beside">What else is in sight.</param>
    public Locals(EquatableArray<ParameterModel> parameters, params string[] beside)
    {
        HashSet<string> taken = [.. TakenMembers, .. beside];
        Arguments = [.. parameters.Where(static parameter => parameter.IsInStub).Select(parameter =>
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
        Instance = Take("target");
        Token = Take("cancellationToken");

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

    public string Instance { get; }

    public string Token { get; }

    /// <summary>The call's constructor arguments as they are read from a payload, in the order in which they were written.</summary>
    public static IEnumerable<string> ReadExpressions(EquatableArray<ParameterModel> parameters, string reader) => parameters
        .Where(static parameter => parameter.IsInStub)
        .SelectMany(parameter => parameter.Kind == ParameterKind.Progress
            ? ["null!", $"{reader}.ReadUnmanaged<bool>()"]
            : new[] { Expressions.Read(parameter.Type!, parameter.TypeName, reader) });

    /// <summary>What the method is called with as it is read from a payload: of a call without a progress.</summary>
    /// <param name="parameters">The method's parameters.</param>
    public IEnumerable<string> ReadArguments(EquatableArray<ParameterModel> parameters) => parameters.Select(parameter => parameter.Kind switch
    {
        ParameterKind.CancellationToken => $"{Invocation}.CancellationToken",
        ParameterKind.WorkerContext => $"{Invocation}.Worker",
        _ => Argument.Pass(parameter, Expressions.Read(parameter.Type!, parameter.TypeName, Reader)),
    });

    /// <summary>What the method is called with, in its own order.</summary>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="token">The call's token.</param>
    public IEnumerable<string> CallArguments(EquatableArray<ParameterModel> parameters, string token)
    {
        int given = 0;
        int progress = 0;
        foreach (ParameterModel parameter in parameters)
        {
            yield return parameter.Kind switch
            {
                ParameterKind.CancellationToken => token,
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
    public string Passed => Pass(Parameter, Name);

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

    /// <summary>A value as the target takes it.</summary>
    public static string Pass(ParameterModel parameter, string value) =>
        parameter.TargetTakesNoNull && !value.EndsWith("!", StringComparison.Ordinal) ? value + "!" : value;

    public string Write(string writer) => IsProgress
        ? $"{writer}.WriteUnmanaged({RemoteFlag} || {Name} is not null);"
        : Expressions.Write(Parameter.Type!, Parameter.TypeName, Name, writer);

    /// <summary>What a target reports to: the caller's own where the call runs in its process.</summary>
    public string Far(string invocation, int index) =>
        $"{RemoteFlag} ? {invocation}.Progress<{Parameter.Progress}>({index}, {Expressions.Codec(Parameter.Type!, Parameter.Progress!)}) : {Passed}";
}
