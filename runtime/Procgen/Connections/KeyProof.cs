using System.Security.Authentication;
using System.Security.Cryptography;

namespace Procgen.Connections;

/// <summary>
/// How two strangers prove to each other that they know one key: each sends a fresh challenge, and answers the other's with
/// an HMAC-SHA256 over both. The two answers differ in a label, so that neither can be sent back. Nothing else is sent
/// before, and nothing that was seen once is of use again. Python's <c>deliver_challenge</c> and <c>answer_challenge</c>.
/// </summary>
/// <remarks>
/// Listener: magic, challenge. Client: magic, challenge, answer. Listener: accepted or not, answer. Fixed lengths: nothing is
/// allocated for what a stranger sends.
/// </remarks>
internal static class KeyProof
{
    private const int ChallengeLength = 32;
    private const int ProofLength = 32;
    private const byte Accepted = 1;
    private const byte Refused = 2;

    private static ReadOnlySpan<byte> Magic => "PGKEY\0\0\u0001"u8;

    /// <summary>The listener's part.</summary>
    /// <exception cref="AuthenticationException">The client does not know the key.</exception>
    /// <exception cref="InvalidDataException">It does not speak this protocol.</exception>
    public static void Accept(Stream stream, ReadOnlySpan<byte> key)
    {
        Span<byte> mine = stackalloc byte[ChallengeLength];
        RandomNumberGenerator.Fill(mine);
        stream.Write([.. Magic, .. mine]);
        Span<byte> answer = stackalloc byte[Magic.Length + ChallengeLength + ProofLength];
        stream.ReadExactly(answer);
        CheckMagic(answer);
        ReadOnlySpan<byte> theirs = answer.Slice(Magic.Length, ChallengeLength);
        bool isRight = CryptographicOperations.FixedTimeEquals(Proof(key, "client"u8, mine, theirs), answer[^ProofLength..]);
        stream.Write([isRight ? Accepted : Refused, .. isRight ? Proof(key, "listener"u8, theirs, mine) : new byte[ProofLength]]);
        if (!isRight) throw new AuthenticationException("A client was refused: it does not know the listener's key.");
    }

    /// <summary>The client's part.</summary>
    /// <exception cref="AuthenticationException">One side does not know the other's key.</exception>
    /// <exception cref="InvalidDataException">The listener does not speak this protocol.</exception>
    public static void Connect(Stream stream, ReadOnlySpan<byte> key)
    {
        Span<byte> challenge = stackalloc byte[Magic.Length + ChallengeLength];
        stream.ReadExactly(challenge);
        CheckMagic(challenge);
        ReadOnlySpan<byte> theirs = challenge[Magic.Length..];
        Span<byte> mine = stackalloc byte[ChallengeLength];
        RandomNumberGenerator.Fill(mine);
        stream.Write([.. Magic, .. mine, .. Proof(key, "client"u8, theirs, mine)]);
        Span<byte> verdict = stackalloc byte[1 + ProofLength];
        stream.ReadExactly(verdict);
        if (verdict[0] != Accepted) throw new AuthenticationException("The listener refused the connection: the key is wrong.");
        if (!CryptographicOperations.FixedTimeEquals(Proof(key, "listener"u8, mine, theirs), verdict[1..]))
            throw new AuthenticationException("The listener does not know the key: it is not the one that was meant.");
    }

    private static byte[] Proof(ReadOnlySpan<byte> key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        HMACSHA256.HashData(key, [.. label, .. first, .. second]);

    private static void CheckMagic(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(Magic)) throw new InvalidDataException("The other end does not speak this protocol, or another version of it.");
    }
}
