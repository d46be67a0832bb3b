using Microsoft.Win32.SafeHandles;

namespace Procgen.Interop;

/// <summary>A file descriptor whose number is given back only when no call uses it any more.</summary>
internal sealed class DescriptorHandle : SafeHandleMinusOneIsInvalid
{
    public DescriptorHandle(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    public int Descriptor => (int)handle;

    /// <summary>Keeps the number for a call; false where it was given back already.</summary>
    /// <param name="held">Whether DangerousRelease must follow.</param>
    public bool TryHold(ref bool held)
    {
        if (IsClosed) return false;
        try
        {
            DangerousAddRef(ref held);
            return true;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Wakes who waits there, and gives the number back after them. Only shutdown wakes a thread that is blocked in a call; close would leave it there.</summary>
    public void ShutDown()
    {
        bool held = false;
        try
        {
            if (TryHold(ref held)) _ = LibC.shutdown(Descriptor, LibC.ShutdownBoth);
        }
        finally
        {
            if (held) DangerousRelease();
        }

        Dispose();
    }

    protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;
}
