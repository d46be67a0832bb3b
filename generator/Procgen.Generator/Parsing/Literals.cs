using System;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Procgen.Generator.Parsing;

/// <summary>Constants as C# writes them, whatever the machine's culture.</summary>
internal static class Literals
{
    public static string Of(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>A constant of that type; null is <c>null</c> or <c>default</c>.</summary>
    public static string Of(object? value, ITypeSymbol type)
    {
        bool isNullable = type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        if (value is null) return isNullable || type.IsReferenceType ? "null" : "default";
        type = UnderNullable(type);
        if (type.TypeKind == TypeKind.Enum)
        {
            // By a name that is obsolete it may not be called at all, or not without a warning.
            ISymbol? named = type.GetMembers().FirstOrDefault(member =>
                member is IFieldSymbol { HasConstantValue: true } field && value.Equals(field.ConstantValue) && field.FindAttribute(TypeAttributes.Obsolete) is null);
            return named is null ? $"({Names.InExpression(type)})({Plain(value)})" : $"{Names.InExpression(type)}.{Names.Escape(named.Name)}";
        }

        return Plain(value);
    }

    /// <summary>What a constant of the type is one of.</summary>
    public static ITypeSymbol UnderNullable(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;

    private static string Plain(object value) => value switch
    {
        string text => Of(text),
        char c => SymbolDisplay.FormatLiteral(c, quote: true),
        bool b => b ? "true" : "false",
        float f => Float(f, f.ToString("R", CultureInfo.InvariantCulture), "float", "F"),
        double d => Float(d, d.ToString("R", CultureInfo.InvariantCulture), "double", "D"),
        decimal m => (IsNegative(m) ? "-" : "") + Math.Abs(m).ToString(CultureInfo.InvariantCulture) + "M", // a negative zero prints no sign
        uint n => n.ToString(CultureInfo.InvariantCulture) + "U",
        long n => n.ToString(CultureInfo.InvariantCulture) + "L",
        ulong n => n.ToString(CultureInfo.InvariantCulture) + "UL",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "default",
    };

    private static bool IsNegative(decimal value) => decimal.GetBits(value)[3] < 0;

    private static string Float(double value, string digits, string keyword, string suffix) =>
        double.IsNaN(value) ? keyword + ".NaN"
        : double.IsPositiveInfinity(value) ? keyword + ".PositiveInfinity"
        : double.IsNegativeInfinity(value) ? keyword + ".NegativeInfinity"
        : value == 0 && BitConverter.DoubleToInt64Bits(value) < 0 ? "-0" + suffix // .NET Framework prints no sign
        : digits + suffix;
}
