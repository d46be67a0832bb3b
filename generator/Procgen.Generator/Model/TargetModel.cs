
namespace Procgen.Generator.Model;

/// <summary>What a target returns, as far as its stub and its call differ by it.</summary>
internal enum ReturnKind
{
    Void,
    Task,
    ValueTask,
    Result,
    TaskOfResult,
    ValueTaskOfResult,
    Sequence,
    AsyncSequence,
}

/// <summary>One marked static method.</summary>
/// <param name="Stub">The class its stub goes to.</param>
/// <param name="IsPublic">Whether the stub can be public.</param>
/// <param name="Name">The method's name, escaped.</param>
/// <param name="Method">The method as emitted code calls it: <c>global::N.Work.Square</c>.</param>
/// <param name="DisplayName">The method as messages name it: <c>Work.Square</c>.</param>
/// <param name="DocumentationId">Its id in documentation, which also tells overloads apart.</param>
/// <param name="Id">What names it on the wire, beside its module.</param>
/// <param name="Return">What comes back.</param>
/// <param name="Parameters">All of them, in order.</param>
/// <param name="Throws">The exceptions that arrive as themselves.</param>
/// <param name="Obsolete">The ObsoleteAttribute to repeat, without brackets.</param>
/// <param name="SeesInternals">Whether Procgen lets the assembly see its internals, so that overrides must repeat them.</param>
/// <param name="HasDelegate">Whether an Action or Func can be made of the method.</param>
/// <param name="Own">The user's own part of the stub class.</param>
internal sealed record TargetModel(
    StubClass Stub,
    bool IsPublic,
    string Name,
    string Method,
    string DisplayName,
    string DocumentationId,
    ulong Id,
    ReturnModel Return,
    EquatableArray<ParameterModel> Parameters,
    EquatableArray<ThrowModel> Throws,
    string? Obsolete,
    bool SeesInternals,
    bool HasDelegate,
    OwnPartModel? Own)
{
    /// <summary>What may be there once per assembly: the stub's name and the types a caller gives.</summary>
    public string StubSignature
    {
        get
        {
            System.Text.StringBuilder signature = new(Stub.FullName);
            signature.Append('.').Append(Name).Append('(');
            foreach (ParameterModel parameter in Parameters)
            {
                if (parameter.IsInStub) signature.Append(parameter.TypeKey).Append(',');
            }

            return signature.Append(')').ToString();
        }
    }
}

/// <summary>Where stubs go: <c>N.WorkTargets</c>.</summary>
/// <param name="Namespace">Empty for the global one.</param>
/// <param name="Name">The class's name.</param>
internal sealed record StubClass(string Namespace, string Name)
{
    public string FullName => Namespace.Length == 0 ? Name : Namespace + "." + Name;
}

/// <summary>A static partial class of the user's own that becomes one with the stubs.</summary>
/// <param name="SaysAccess">Whether it says how accessible it is, which the other part must not say otherwise.</param>
/// <param name="Members">The names of its members, escaped.</param>
internal sealed record OwnPartModel(bool SaysAccess, EquatableArray<string> Members);

/// <summary>What comes back.</summary>
/// <param name="Kind">How.</param>
/// <param name="TypeName">The result's or item's type with annotations; null where nothing comes back.</param>
/// <param name="Type">How it is written.</param>
/// <param name="MayBeMissing">Whether the task or sequence itself is declared to be null at times.</param>
internal sealed record ReturnModel(ReturnKind Kind, string? TypeName = null, TypeModel? Type = null, bool MayBeMissing = false)
{
    /// <summary>What the method itself is declared to return; null where it is void.</summary>
    public string? MethodType => Kind switch
    {
        ReturnKind.Void => null,
        ReturnKind.Task => "global::System.Threading.Tasks.Task",
        ReturnKind.ValueTask => "global::System.Threading.Tasks.ValueTask",
        ReturnKind.TaskOfResult => $"global::System.Threading.Tasks.Task<{TypeName}>",
        ReturnKind.ValueTaskOfResult => $"global::System.Threading.Tasks.ValueTask<{TypeName}>",
        ReturnKind.Sequence => $"global::System.Collections.Generic.IEnumerable<{TypeName}>",
        ReturnKind.AsyncSequence => $"global::System.Collections.Generic.IAsyncEnumerable<{TypeName}>",
        _ => TypeName,
    };

    /// <summary>The call of the method, as what takes its task or sequence wants it.</summary>
    public string Given(string call) => MayBeMissing ? call + "!" : call;
}

/// <summary>An exception type of Throws and the expression that makes one from <c>message</c> and <c>inner</c>.</summary>
internal sealed record ThrowModel(string TypeName, string Create);
