using System;
using System.Collections.Generic;
using System.Linq;

namespace Procgen.Generator.Model;

/// <summary>How a proxy offers a method.</summary>
/// <param name="Method">The method.</param>
/// <param name="Name">The form's name, escaped.</param>
/// <param name="IsDeclared">Whether it returns what the method does; else it is the other one of blocking and asynchronous.</param>
internal sealed record ManagedForm(ManagedMethodModel Method, string Name, bool IsDeclared)
{
    private const string Suffix = "Async";

    /// <summary>What every proxy has, with a meaning of its own.</summary>
    private static readonly string[] Fixed = ["ToString", "GetType", "GetHashCode", "Equals", "MemberwiseClone", "Finalize", "Dispose"];

    public bool ReturnsTask => IsDeclared == IsAsynchronous(Method.Return);

    /// <summary>
    /// Every method as it is declared, then the other forms whose names are free. <c>F(int)</c> and <c>F(int, token)</c> are
    /// one to a caller, who may always give a token or not: the one that takes it stays.
    /// </summary>
    public static IReadOnlyList<ManagedForm> Of(ManagedClassModel model)
    {
        // No member is called like its class.
        HashSet<string> declared = [.. model.Members.Select(static member => member.Name.TrimStart('@')), model.Proxy.Name];
        ManagedMethodModel[] methods =
        [
            .. model.Members.OfType<ManagedMethodModel>()
                .GroupBy(static method => (method.Name, method.Signature))
                .Select(static same => same.FirstOrDefault(static method => method.TakesToken) ?? same.First()),
        ];
        List<ManagedForm> forms = [.. methods.Select(static method => new ManagedForm(method, method.Name, IsDeclared: true))];
        HashSet<(string, string)> taken = [];
        foreach (ManagedMethodModel method in methods)
        {
            if (OtherName(method) is { } name && !Fixed.Contains(name) && !declared.Contains(name) && taken.Add((name, method.Signature)))
                forms.Add(new ManagedForm(method, Parsing.Names.Escape(name), IsDeclared: false));
        }

        return forms;
    }

    public static bool IsAsynchronous(ReturnModel result) =>
        result.Kind is ReturnKind.Task or ReturnKind.ValueTask or ReturnKind.TaskOfResult or ReturnKind.ValueTaskOfResult;

    private static string? OtherName(ManagedMethodModel method)
    {
        string name = method.Name.TrimStart('@');
        bool isNamedAsync = name.EndsWith(Suffix, StringComparison.Ordinal) && name.Length > Suffix.Length;
        return method.Return.Kind switch
        {
            ReturnKind.AsyncSequence => null,
            _ when IsAsynchronous(method.Return) => isNamedAsync ? name.Substring(0, name.Length - Suffix.Length) : null,
            _ => isNamedAsync ? null : name + Suffix,
        };
    }
}
