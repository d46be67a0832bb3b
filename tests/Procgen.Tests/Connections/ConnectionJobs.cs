using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Procgen.Connections;
using Procgen.Tests.SharedMemory;

namespace Procgen.Tests.Connections;

/// <summary>What the connection tests run in child processes.</summary>
internal static class ConnectionJobs
{
    /// <summary>CPython's _echo: sends back what comes until it is empty.</summary>
    [ProcessTarget]
    public static void Echo(Connection<string> connection)
    {
        using Connection<string> mine = connection;
        while (mine.Receive() is { Length: > 0 } message) mine.Send(message);
    }

    [ProcessTarget]
    public static void EchoBytes(Connection<int> connection)
    {
        using Connection<int> mine = connection;
        while (mine.ReceiveBytes() is { Length: > 0 } message) mine.SendBytes(message);
    }

    [ProcessTarget]
    public static void SendBytes(Connection<int> connection, int length)
    {
        using Connection<int> mine = connection;
        byte[] message = new byte[length];
        new Random(length).NextBytes(message);
        mine.SendBytes(message);
    }

    [ProcessTarget]
    public static void SendRange(Connection<int> connection, int count)
    {
        using Connection<int> mine = connection;
        for (int i = 0; i < count; i++) mine.Send(i);
    }

    [ProcessTarget]
    public static List<int> ReceiveAll(Connection<int> connection)
    {
        using Connection<int> mine = connection;
        return [.. mine.ReceiveAllAsync().ToBlockingEnumerable()];
    }

    /// <summary>Whether a listener that found no descriptor for a connection accepts it when there is one again.</summary>
    [ProcessTarget]
    public static bool AcceptAfterDescriptorsWereGone(ProcessQueue<int> port, ProcessEvent limited)
    {
        using ListenerSocket listener = ListenerSocket.Open(new IPEndPoint(IPAddress.Loopback, 0));
        using ManualResetEventSlim gone = new();
        using ManualResetEventSlim failed = new();
        AppDomain.CurrentDomain.FirstChanceException += (_, thrown) =>
        {
            if (thrown.Exception is SocketException) failed.Set();
        };
        port.Put(((IPEndPoint)listener.LocalEndPoint).Port);

        // What accepting takes is loaded with the first connection: later that could not be done.
        listener.Accept()!.Value.Stream.Dispose();
        Task<bool> accepting = Task.Factory.StartNew(
            () =>
            {
                gone.Wait();
                return listener.Accept() is not null;
            },
            TaskCreationOptions.LongRunning);
        limited.Wait();
        List<SafeFileHandle> all = MemoryJobs.TakeAllDescriptors();
        gone.Set();
        failed.Wait();
        all.ForEach(static handle => handle.Dispose());
        return accepting.GetAwaiter().GetResult();
    }

    /// <summary>Holds an end, says so, and waits to be killed.</summary>
    [ProcessTarget]
    public static void HoldAndHang(Connection<int> connection)
    {
        connection.Send(1);
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Listens at a socket's file, says so, and waits to be killed.</summary>
    [ProcessTarget]
    public static void ListenAndHang(string path, bool isPipe, Connection<int> connection)
    {
        using var listener = new ProcessListener(ListenerFileTests.At(path, isPipe));
        connection.Send(1);
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Listens at a socket's file until the process exits: by itself, or because it returns.</summary>
    [ProcessTarget]
    public static void ListenAndEnd(string path, bool isPipe, bool byExit)
    {
        GC.KeepAlive(new ProcessListener(ListenerFileTests.At(path, isPipe)));
        if (byExit) Environment.Exit(3);
    }

    /// <summary>Listens at a socket's file, and ends only long after that.</summary>
    [ProcessTarget]
    public static void ListenForAWhile(string path, bool isPipe, ProcessEvent isFree, ProcessEvent mayEnd)
    {
        new ProcessListener(ListenerFileTests.At(path, isPipe)).Dispose();
        isFree.Set();
        mayEnd.Wait();
    }

    /// <summary>Listens at a socket's file, and ends while a child of its own still looks for that.</summary>
    [ProcessTarget]
    public static void ListenAndJoinAtExit(string path, bool isPipe, SharedValue<int> isThere)
    {
        GC.KeepAlive(new ProcessListener(ListenerFileTests.At(path, isPipe)));
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using (here)
        using (there)
        {
            new ChildProcess(ConnectionJobsTargets.HoldAndHang(there)) { Daemon = true }.Start();
            ChildProcess.Start(ConnectionJobsTargets.LookAfterEnd(path, here, isThere));
        }
    }

    /// <summary>Whether a file is there when the process at the other end has ended: a daemon, which its parent ends before it waits for this one.</summary>
    [ProcessTarget]
    public static void LookAfterEnd(string path, Connection<int> daemon, SharedValue<int> isThere)
    {
        GC.KeepAlive(ReceiveAll(daemon));
        isThere.Value = File.Exists(path) ? 1 : 0;
    }

    /// <summary>Lets go of its end long before it ends itself.</summary>
    [ProcessTarget]
    public static void DisposeAndHang(Connection<int> connection)
    {
        connection.Dispose();
        Thread.Sleep(Timeout.Infinite);
    }

    [ProcessTarget]
    public static void PassOn(Connection<string> connection)
    {
        using ChildProcess grandchild = ChildProcess.Start(ConnectionJobsTargets.Echo(connection));
        connection.Dispose();
        grandchild.Join();
    }

    /// <summary>CPython's _TestPicklingConnections: ends that come as messages, each echoed on until it is closed.</summary>
    [ProcessTarget]
    public static void Host(Connection<Connection<string>> ends)
    {
        using Connection<Connection<string>> mine = ends;
        foreach (Connection<string> end in mine.ReceiveAllAsync().ToBlockingEnumerable())
        {
            using (end)
            {
                end.Send(end.Receive() + "!");
            }
        }
    }

    /// <summary>CPython's _child_test_wait: ten messages with its own id, slowly if asked.</summary>
    [ProcessTarget]
    public static void SendTen(Connection<int> connection, bool slowly)
    {
        using Connection<int> mine = connection;
        for (int i = 0; i < 10; i++)
        {
            if (slowly) Thread.Sleep(Random.Shared.Next(10));
            mine.Send((Environment.ProcessId * 10) + i);
        }
    }

    [ProcessTarget]
    public static void Release(ProcessQueue<int> gate) => gate.Take();
}
