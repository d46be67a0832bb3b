using System.Buffers.Binary;
using System.Security.Cryptography;
using Procgen;

namespace Quickstart;

/// <summary>What runs in the children. The generator makes FileWorkTargets.Summarize of the marked method.</summary>
internal static class FileWork
{
    [ProcessTarget]
    public static Digest Summarize(List<string> files) =>
        files.Aggregate(Digest.Empty, static (sum, file) => sum + Summarize(file));

    private static Digest Summarize(string file)
    {
        using FileStream stream = File.OpenRead(file);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[64 * 1024];
        long bytes = 0, words = 0;
        bool inWord = false;
        for (int read; (read = stream.Read(buffer)) > 0; bytes += read)
        {
            ReadOnlySpan<byte> block = buffer.AsSpan(0, read);
            hash.AppendData(block);
            foreach (byte character in block)
            {
                // A word is what `wc -w` counts: a run of characters that are not white space.
                bool isSpace = character is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r');
                if (!isSpace && !inWord) words++;
                inWord = !isSpace;
            }
        }

        return new Digest(1, bytes, words, BinaryPrimitives.ReadUInt64BigEndian(hash.GetHashAndReset()));
    }
}
