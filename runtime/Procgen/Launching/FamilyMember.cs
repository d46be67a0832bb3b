using System.Globalization;
using Procgen.Interop;

namespace Procgen.Launching;

/// <summary>
/// Who somebody is in a family of processes: this process or, where workers are threads of it, the worker whose code is
/// running. Its members may be used from any thread.
/// </summary>
internal sealed class FamilyMember
{
    public const int AuthKeyLength = 32;
    private static FamilyMember _process = new("MainProcess", "", isDaemon: false, parent: null);
    private static bool _hasThreads;
    private byte[]? _authKey;
    private int _childCount;

    private FamilyMember(string name, string identity, bool isDaemon, RemoteParent? parent)
    {
        Name = name;
        Identity = identity;
        IsDaemon = isDaemon;
        Parent = parent;
    }

    /// <summary>The one that the calling code runs in.</summary>
    public static FamilyMember Current => (_hasThreads ? Threads.Here.Value : null) ?? _process;

    public string Name { get; set; }

    /// <summary>Its place in the family, as "1:3" for the third child of the first child; empty for the first process.</summary>
    public string Identity { get; }

    public bool IsDaemon { get; }

    /// <summary>Null in a process that Procgen did not start.</summary>
    public RemoteParent? Parent { get; }

    public byte[] AuthKey
    {
        get
        {
            if (Volatile.Read(ref _authKey) is null) Interlocked.CompareExchange(ref _authKey, NewKey(), null);
            return _authKey!;
        }
        set => Volatile.Write(ref _authKey, value);
    }

    /// <summary>The worker that <paramref name="start"/> describes.</summary>
    public static FamilyMember From(WorkerStart start) =>
        new(start.Name, start.Identity, start.IsDaemon, new RemoteParent(start.ParentName, start.ParentId)) { AuthKey = start.AuthKey };

    /// <summary>This process is that worker.</summary>
    public static void Become(FamilyMember worker) => _process = worker;

    /// <summary>The calling thread, and what is awaited from it, belongs to the worker that <paramref name="start"/> describes.</summary>
    public static FamilyMember EnterThread(WorkerStart start)
    {
        FamilyMember member = From(start);
        Threads.Here.Value = member;
        Volatile.Write(ref _hasThreads, true);
        return member;
    }

    /// <summary>The identity of the next child: its own number behind this one's identity.</summary>
    public string NextChildIdentity()
    {
        string number = Interlocked.Increment(ref _childCount).ToString(CultureInfo.InvariantCulture);
        return Identity.Length == 0 ? number : $"{Identity}:{number}";
    }

    private static byte[] NewKey()
    {
        byte[] key = new byte[AuthKeyLength];
        RandomBits.Fill(key);
        return key;
    }

    // Apart: no worker that is a process needs it.
    private static class Threads
    {
        public static readonly AsyncLocal<FamilyMember?> Here = new();
    }
}
