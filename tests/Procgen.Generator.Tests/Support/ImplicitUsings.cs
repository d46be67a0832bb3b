namespace Procgen.Generator.Tests.Support;

/// <summary>What the SDK adds to a console app whose project enables implicit usings.</summary>
internal static class ImplicitUsings
{
    public const string Text = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;
}
