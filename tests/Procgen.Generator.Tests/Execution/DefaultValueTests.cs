using System.Reflection;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Execution;

/// <summary>A stub takes what its target takes: the same names, defaults and attributes that fill in for the caller.</summary>
public sealed class DefaultValueTests
{
    [TestCase("bool x = true")]
    [TestCase("char x = '\\''")]
    [TestCase("char x = '\\ud800'")]
    [TestCase("sbyte x = -128")]
    [TestCase("byte x = 255")]
    [TestCase("short x = short.MinValue")]
    [TestCase("ushort x = 65535")]
    [TestCase("int x = int.MinValue")]
    [TestCase("uint x = 4294967295")]
    [TestCase("long x = long.MinValue")]
    [TestCase("ulong x = ulong.MaxValue")]
    [TestCase("nint x = 5")]
    [TestCase("float x = 0.1f")]
    [TestCase("float x = float.NaN")]
    [TestCase("float x = float.MaxValue")]
    [TestCase("double x = double.NegativeInfinity")]
    [TestCase("double x = double.PositiveInfinity")]
    [TestCase("double x = -0.0")]
    [TestCase("double x = double.Epsilon")]
    [TestCase("double x = 1.0 / 3")]
    [TestCase("decimal x = 1.50m")]
    [TestCase("decimal x = decimal.MinValue")]
    [TestCase("decimal x = -0.0m")]
    [TestCase("string x = \"\\\"quotes\\\\ \\n\\0 \\u2028 日本\"")]
    [TestCase("string? x = null")]
    [TestCase("string x = default!")]
    [TestCase("string x = nameof(Work)")]
    [TestCase("int? x = null")]
    [TestCase("int? x = 5")]
    [TestCase("DayOfWeek x = DayOfWeek.Friday")]
    [TestCase("DayOfWeek x = (DayOfWeek)99")]
    [TestCase("DayOfWeek? x = DayOfWeek.Friday")]
    [TestCase("DayOfWeek? x = null")]
    [TestCase("DateTime x = default")]
    [TestCase("Guid x = new Guid()")]
    [TestCase("CancellationToken stop, int x = 5")]
    [TestCase("int y, CancellationToken stop = default, int x = 5")]
    [TestCase("[System.Runtime.CompilerServices.CallerMemberName] string x = \"\"")]
    [TestCase("[System.Runtime.CompilerServices.CallerLineNumber] int x = 0")]
    [TestCase("string y, [System.Runtime.CompilerServices.CallerArgumentExpression(\"y\")] string x = \"\"")]
    [TestCase("[System.Runtime.InteropServices.Optional] int x")]
    [TestCase("[System.Runtime.InteropServices.Optional, System.Runtime.InteropServices.DefaultParameterValue(7)] int x, int y")]
    [TestCase("[System.Runtime.InteropServices.Optional, System.Runtime.InteropServices.DefaultParameterValue(7)] int x, [System.Runtime.InteropServices.Optional] int y")]
    [TestCase("[System.Runtime.InteropServices.Optional, System.Runtime.CompilerServices.DateTimeConstant(5)] DateTime x")]
    [TestCase("[System.Runtime.InteropServices.Optional, System.Runtime.InteropServices.DefaultParameterValue((short)-7)] short x, int y")]
    [TestCase("[System.Runtime.InteropServices.Optional, System.Runtime.InteropServices.DefaultParameterValue((byte)7)] byte x, int y")]
    [TestCase("[System.Runtime.InteropServices.Optional, System.Runtime.InteropServices.DefaultParameterValue((sbyte)-7)] sbyte x, int y")]
    [TestCase("[System.Runtime.InteropServices.Optional, System.Runtime.InteropServices.DefaultParameterValue((ushort)7)] ushort x, int y")]
    [TestCase("[System.Runtime.InteropServices.Optional, System.Runtime.InteropServices.DefaultParameterValue((byte)7)] byte? x, int y")]
    [TestCase("[System.Runtime.InteropServices.Optional, System.Runtime.InteropServices.DefaultParameterValue(Size.Small)] Size? x, int y")]
    [TestCase("[System.Runtime.InteropServices.Optional, System.Runtime.InteropServices.DefaultParameterValue(DayOfWeek.Friday)] DayOfWeek x, int y")]
    [TestCase("[System.Runtime.InteropServices.Optional, System.Runtime.InteropServices.DefaultParameterValue(null)] string? x, int y")]
    [TestCase("[System.Runtime.InteropServices.Optional, System.Runtime.CompilerServices.DecimalConstant(1, 128, 1U, 2U, 15U)] decimal x, int y")]
    [TestCase("[System.Runtime.InteropServices.Optional, System.Runtime.CompilerServices.DecimalConstant(1, 0, 0U, 0U, 15U)] decimal x")]
    [TestCase("params int[] x")]
    [TestCase("int @class, string @params = \"\"")]
    public void Parameters_are_repeated(string parameters)
    {
        LoadedApp app = LoadedApp.Of($$"""
            internal enum Size : byte { Small = 1 }
            internal static class Work { [ProcessTarget] internal static void Do({{parameters}}) { } }
            """);
        ParameterInfo[] target = [.. Method("Work").GetParameters().Where(static parameter => parameter.ParameterType != typeof(CancellationToken))];
        ParameterInfo[] stub = Method("WorkTargets").GetParameters();

        Assert.That(stub.Select(Describe), Is.EqualTo(target.Select(Describe)));

        MethodInfo Method(string type) => app.Type(type).GetMethod("Do", BindingFlags.Static | BindingFlags.NonPublic)!;

        static string Describe(ParameterInfo parameter) =>
            $"{parameter.Attributes} {parameter.ParameterType} {parameter.Name} = {Bits(parameter.RawDefaultValue)} "
            + string.Join(' ', parameter.GetCustomAttributesData().Where(static data => !data.AttributeType.Name.StartsWith("Nullable", StringComparison.Ordinal)));

        static string Bits(object? value) => value switch
        {
            double number => $"double {BitConverter.DoubleToInt64Bits(number):x}",
            decimal number => $"decimal {string.Join(' ', decimal.GetBits(number))}",
            _ => $"{value?.GetType()} {value}",
        };
    }

    [Test]
    public void A_null_default_of_an_unannotated_parameter_compiles() =>
        GeneratorRun.Of("""
            #nullable disable
            internal static class Work { [ProcessTarget] internal static void Do(string x = null, IProgress<int> progress = null) { } }
            """).AssertCompiles();

    [TestCase("[Obsolete(\"no\", true)] Old = 1, New = 1", "New")]
    [TestCase("[Obsolete] Old = 1", "Old")]
    public void A_value_of_an_enum_is_not_called_by_a_name_that_is_obsolete(string members, string name)
    {
        GeneratorRun run = GeneratorRun.Of($$"""
            #pragma warning disable CS0612
            internal enum Kind { None, {{members}} }
            internal static class Work { [ProcessTarget] internal static void Do(Kind kind = Kind.{{name}}) { } }
            """).AssertCompiles();
        Assert.That(run.Files["WorkTargets.g.cs"], Does.Contain(name == "Old" ? "kind = (global::Kind)(1))" : "kind = global::Kind.New)"));
    }

    [Test]
    public void A_default_value_is_found_on_the_part_that_has_it_when_the_attribute_is_on_the_other()
    {
        GeneratorRun run = GeneratorRun.Of("""
            internal static partial class Work { internal static partial int Do(int x, int y = 5); }
            internal static partial class Work { [ProcessTarget] internal static partial int Do(int x, int y) => x + y; }
            """).AssertCompiles();
        Assert.That(run.Files["WorkTargets.g.cs"], Does.Contain(" Do(int x, int y = 5) =>"));
    }
}
