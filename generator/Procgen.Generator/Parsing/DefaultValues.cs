using System.Text;
using Microsoft.CodeAnalysis;

namespace Procgen.Generator.Parsing;

/// <summary>What makes an argument optional, repeated for the stub.</summary>
internal static class DefaultValues
{
    private const string Interop = "global::System.Runtime.InteropServices.";
    private const string Services = "global::System.Runtime.CompilerServices.";

    /// <summary>Attributes and <c>params</c> to stand before the type, and <c> = value</c> to stand after the name.</summary>
    /// <param name="parameter">The target's parameter.</param>
    /// <param name="canBeOptional">Whether everything after it in the stub is optional too, as <c> = value</c> needs.</param>
    public static (string Before, string Default) Of(IParameterSymbol parameter, bool canBeOptional)
    {
        StringBuilder before = new();
        string value = "";
        foreach (AttributeData attribute in parameter.GetAttributes())
        {
            if (Repeated(attribute) is { } text) before.Append('[').Append(text).Append("] ");
        }

        if (parameter.IsParams)
        {
            before.Append("params ");
        }
        else if (parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: not System.DateTime })
        {
            string literal = Literals.Of(parameter.ExplicitDefaultValue, parameter.Type);
            if (canBeOptional) value = " = " + literal;
            else before.Append($"[{Interop}Optional, {Interop}DefaultParameterValue({literal})] ");
        }
        else if (parameter.IsOptional) // with [DateTimeConstant], or with nothing
        {
            before.Append($"[{Interop}Optional] ");
        }

        return (before.ToString(), value);
    }

    /// <summary>The attributes by which the compiler fills in what the caller leaves out.</summary>
    private static string? Repeated(AttributeData attribute) => attribute.AttributeClass switch
    {
        { Name: "CallerMemberNameAttribute" } => Services + "CallerMemberName",
        { Name: "CallerFilePathAttribute" } => Services + "CallerFilePath",
        { Name: "CallerLineNumberAttribute" } => Services + "CallerLineNumber",
        { Name: "CallerArgumentExpressionAttribute" } when attribute.ConstructorArguments is [{ Value: string name }] =>
            $"{Services}CallerArgumentExpression({Literals.Of(name)})",
        { Name: "DateTimeConstantAttribute" } when attribute.ConstructorArguments is [{ Value: long ticks }] =>
            $"{Services}DateTimeConstant({ticks.ToString(System.Globalization.CultureInfo.InvariantCulture)}L)",
        _ => null,
    };
}
