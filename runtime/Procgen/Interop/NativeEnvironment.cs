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
        if (!OperatingSystem.IsWindows()) SetNative(name, value);

        // The runtime makes its copy when somebody first changes a variable or lists them. Until then it asks the C library,
        // and a worker does without it: to make one takes longer than the rest of its way to its parent.
        if (Environment.GetEnvironmentVariable(name) != value) Environment.SetEnvironmentVariable(name, value);
    }

    private static void SetNative(string name, string? value)
    {
        fixed (byte* nativeName = NativeText.Terminated(name))
        {
            if (value is null)
            {
                _ = LibC.unsetenv(nativeName);
                return;
            }

            fixed (byte* nativeValue = NativeText.Terminated(value)) _ = LibC.setenv(nativeName, nativeValue, 1);
        }
    }
}
