using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Procgen.Generator.Parsing;

/// <summary>
/// Whether a program may meet managers: as their client or server, or by a connection over which a handle of one may come.
/// A native executable that cannot leaves out their code and TLS, and starts the sooner.
/// </summary>
internal static class ManagerUseParser
{
    private const string Prefix = "Managed";

    private static readonly HashSet<string> Types = ["ProcessManager", "ProcessListener", "ProcessClient"];

    /// <summary>By its letters alone: something else of that name costs a few megabytes, and nothing more.</summary>
    public static bool IsUse(SyntaxNode node) => node is SimpleNameSyntax { Identifier.ValueText: var name }
        && (Types.Contains(name) || name.StartsWith(Prefix, StringComparison.Ordinal));
}
