namespace Procgen.Generator.Parsing;

/// <summary>FNV-1a: the same on every machine and in every version, which string hash codes are not.</summary>
internal static class StableHash
{
    public static ulong Of(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in text)
        {
            hash = unchecked((hash ^ (byte)c) * 1099511628211);
            hash = unchecked((hash ^ (byte)(c >> 8)) * 1099511628211);
        }

        return hash;
    }
}
