using System.Runtime.CompilerServices;

namespace Procgen.Tests.Serialization;

/// <summary>A line of vectors.tsv: bytes that MemoryPack 1.21.4 itself wrote for a value.</summary>
internal sealed record VectorLine(string Section, string Value, byte[] Bytes);

internal static class VectorFile
{
    public static IReadOnlyList<VectorLine> Lines { get; } = Read();

    private static List<VectorLine> Read([CallerFilePath] string here = "")
    {
        List<VectorLine> lines = [];
        foreach (string line in File.ReadAllLines(Path.Combine(Path.GetDirectoryName(here)!, "vectors.tsv")))
        {
            if (line.StartsWith('#')) continue;
            string[] columns = line.Split('\t');
            byte[] bytes = Convert.FromHexString(columns[3]);
            if (bytes.Length != int.Parse(columns[2], System.Globalization.CultureInfo.InvariantCulture))
                throw new InvalidDataException($"'{columns[1]}' has {bytes.Length} bytes, not {columns[2]}.");
            lines.Add(new VectorLine(columns[0], columns[1], bytes));
        }

        return lines;
    }
}
