using System;
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
        else if (parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: not DateTime })
        {
            string literal = Literals.Of(parameter.ExplicitDefaultValue, parameter.Type);
            if (canBeOptional) value = " = " + literal;
            else if (parameter.ExplicitDefaultValue is decimal constant) before.Append($"[{Interop}Optional, {Services}DecimalConstant({Parts(constant)})] ");
            else before.Append($"[{Interop}Optional, {Interop}DefaultParameterValue({Cast(parameter)}{literal})] ");
        }
        else if (parameter.IsOptional) // with [DateTimeConstant], or with nothing
        {
            before.Append($"[{Interop}Optional] ");
        }

        return (before.ToString(), value);
    }

    /// <summary>An attribute's argument is not converted to the parameter's type, and these have no literals of their own.</summary>
    private static string Cast(IParameterSymbol parameter) => parameter.ExplicitDefaultValue switch
    {
        _ when Literals.UnderNullable(parameter.Type).TypeKind == TypeKind.Enum => "",
        sbyte => "(sbyte)",
        byte => "(byte)",
        short => "(short)",
        ushort => "(ushort)",
        _ => "",
    };

    /// <summary>As DecimalConstantAttribute takes a value, which no argument of an attribute can be: scale, sign, and three parts.</summary>
    private static string Parts(decimal value)
    {
        int[] bits = decimal.GetBits(value);
        uint flags = unchecked((uint)bits[3]);
        return FormattableString.Invariant($"{(flags >> 16) & 0xff}, {(flags >> 24) & 0x80}, {unchecked((uint)bits[2])}U, {unchecked((uint)bits[1])}U, {unchecked((uint)bits[0])}U");
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
