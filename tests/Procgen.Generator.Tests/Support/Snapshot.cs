using System.Runtime.CompilerServices;

namespace Procgen.Generator.Tests.Support;

/// <summary>
/// Compares generated files with those accepted before, by Verify's conventions: <c>Class.Test#Hint.g.verified.cs</c>
/// beside the test, <c>….received.cs</c> where they differ. To accept, rename the received file over the verified one.
/// Nothing is ever accepted here, so CI cannot either.
/// </summary>
internal static class Snapshot
{
    /// <param name="run">What was generated.</param>
    /// <param name="only">The one file to compare, where the others say nothing new.</param>
    /// <param name="testFile">Given by the compiler.</param>
    /// <param name="test">Given by the compiler.</param>
    public static void Match(GeneratorRun run, string? only = null, [CallerFilePath] string testFile = "", [CallerMemberName] string test = "")
    {
        // The file's path is mapped in deterministic builds; its last folder is what they keep.
        string[] parts = testFile.Split('/', '\\');
        string folder = Path.Combine(Repository.TestProject, parts[^2]);
        string prefix = $"{Path.GetFileNameWithoutExtension(parts[^1])}.{test}";
        List<string> differences = [];
        HashSet<string> expected = [.. Directory.GetFiles(folder, prefix + "#*.verified.cs").Select(static path => Path.GetFileName(path))];
        foreach ((string hint, string text) in run.Files.Where(file => only is null || file.Key == only).OrderBy(static file => file.Key, StringComparer.Ordinal))
        {
            string name = $"{prefix}#{hint[..^".cs".Length]}";
            string verified = Path.Combine(folder, name + ".verified.cs");
            string received = Path.Combine(folder, name + ".received.cs");
            expected.Remove(name + ".verified.cs");
            if (File.Exists(verified) && File.ReadAllText(verified).ReplaceLineEndings("\n") == text)
            {
                File.Delete(received);
                continue;
            }

            File.WriteAllText(received, text);
            differences.Add(received);
        }

        differences.AddRange(expected.Select(static name => name + " is not generated any more"));
        Assert.That(differences, Is.Empty, "generated code differs from what was accepted");
    }
}
