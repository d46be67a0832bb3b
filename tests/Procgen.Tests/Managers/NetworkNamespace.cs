using System.ComponentModel;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Procgen.Tests.Managers;

/// <summary>Puts threads of this process into another network: the sockets that they open are there.</summary>
internal static partial class NetworkNamespace
{
    private const int NewNet = 0x4000_0000;

    /// <summary>Runs something on a thread of its own in a namespace that <c>ip netns</c> knows by name.</summary>
    public static T Run<T>(string name, Func<T> work)
    {
        T result = default!;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using SafeFileHandle file = File.OpenHandle($"/run/netns/{name}");
                if (SetNamespace(file, NewNet) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
                result = work();
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw failure;
    }

    /// <summary>The address that the calling thread's network has, beside the loopback.</summary>
    public static string OwnAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .First(address => address.Address.AddressFamily == AddressFamily.InterNetwork && !System.Net.IPAddress.IsLoopback(address.Address))
        .Address.ToString();

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle file, int kind);
}
