using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Procgen.Interop;

/// <summary>
/// Unguessable bits for secrets and names. From the kernel directly on Unix: <see cref="RandomNumberGenerator"/> there
/// loads the system's cryptography library first, which alone costs 12 ms.
/// </summary>
internal static unsafe partial class RandomBits
{
    /// <summary>Fills <paramref name="destination"/>, of at most 256 bytes.</summary>
    public static void Fill(Span<byte> destination)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomNumberGenerator.Fill(destination);
            return;
        }

        fixed (byte* first = destination)
        {
            if (GetEntropy(first, (nuint)destination.Length) != 0) throw new PlatformNotSupportedException("The system has no source of random numbers.");
        }
    }

    [LibraryImport("libc", EntryPoint = "getentropy")]
    private static partial int GetEntropy(void* buffer, nuint length);
}
