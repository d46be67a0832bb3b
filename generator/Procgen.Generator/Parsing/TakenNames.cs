using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Procgen.Generator.Parsing;

/// <summary>Names of generated classes that the user's code gives to something of its own.</summary>
internal static class TakenNames
{
    /// <param name="beside">A class in the namespace that the generated one goes to.</param>
    /// <param name="name">The generated one's name.</param>
    /// <param name="canBePartial">Whether a static partial class of that name becomes one with it.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static bool Has(INamedTypeSymbol beside, string name, bool canBePartial, CancellationToken cancellationToken) =>
        beside.ContainingNamespace.GetMembers(name).Any(found => found switch
        {
            INamedTypeSymbol { Arity: not 0 } or INamedTypeSymbol { IsFileLocal: true } => false,
            INamedTypeSymbol type => OwnPart.PartsOf(type, cancellationToken).Length != 0 && !(canBePartial && type.IsStatic && type.IsPartial(cancellationToken)),
            _ => true, // a namespace
        });
}
