namespace Quickstart;

/// <summary>What is known of some files. Adding two gives the same whatever the order, so any split must give one total.</summary>
/// <param name="Files">How many.</param>
/// <param name="Bytes">Of all of them.</param>
/// <param name="Words">Of all of them.</param>
/// <param name="Hash">The first 64 bits of each file's SHA-256, combined by exclusive or.</param>
internal sealed record Digest(int Files, long Bytes, long Words, ulong Hash)
{
    public static Digest Empty { get; } = new(0, 0, 0, 0);

    public static Digest operator +(Digest left, Digest right) =>
        new(left.Files + right.Files, left.Bytes + right.Bytes, left.Words + right.Words, left.Hash ^ right.Hash);

    public override string ToString() => FormattableString.Invariant($"{Files,6} files, {Bytes,12:#,0} bytes, {Words,10:#,0} words, hash {Hash:x16}");
}
