using System.ComponentModel;
using Procgen.Managers;

namespace Procgen.CompilerServices;

/// <summary>An object of a manager's server that this process holds: what a generated proxy is made of.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ManagedReference
{
    internal ManagedReference(ManagerClient client, ulong objectId)
    {
        Client = client;
        ObjectId = objectId;
    }

    internal ManagerClient Client { get; }

    internal ulong ObjectId { get; }
}
