using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Procgen.Interop;

/// <summary>
/// Unguessable numbers for secrets and names. From the kernel directly on Unix: <see cref="RandomNumberGenerator"/> there
/// loads the system's cryptography library first, which alone costs 12 ms.
/// </summary>
internal static unsafe partial class RandomBits
{
    public static UInt128 Next()
    {
        UInt128 bits;
        if (OperatingSystem.IsWindows()) RandomNumberGenerator.Fill(new Span<byte>(&bits, sizeof(UInt128)));
        else if (GetEntropy(&bits, (nuint)sizeof(UInt128)) != 0) throw new PlatformNotSupportedException("The system has no source of random numbers.");
        return bits;
    }

    [LibraryImport("libc", EntryPoint = "getentropy")]
    private static partial int GetEntropy(void* buffer, nuint length);
}
