using System.Text;

namespace Procgen.Interop;

/// <summary>
/// The environment of this process, in both places where it stands on Unix: the runtime's copy, which <see cref="Environment"/>
/// shows and <see cref="System.Diagnostics.Process"/> passes on, and the C library's, which native code sees and passes on.
/// </summary>
/// <remarks>To be used before other threads run: the C library's copy has no lock that native readers take.</remarks>
internal static unsafe class NativeEnvironment
{
    /// <summary>Sets, or for null removes, a variable.</summary>
    public static void Set(string name, string? value)
    {
        Environment.SetEnvironmentVariable(name, value);
        if (OperatingSystem.IsWindows()) return;
        fixed (byte* nativeName = Encoding.UTF8.GetBytes(name + '\0'))
        {
            if (value is null)
            {
                _ = LibC.unsetenv(nativeName);
                return;
            }

            fixed (byte* nativeValue = Encoding.UTF8.GetBytes(value + '\0')) _ = LibC.setenv(nativeName, nativeValue, 1);
        }
    }
}
