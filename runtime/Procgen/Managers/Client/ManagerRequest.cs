using System.Buffers;
using Procgen.CompilerServices;
using Procgen.Serialization;

namespace Procgen.Managers;

/// <summary>
/// One request under construction: operation, object, arguments. It keeps the proxies among its values alive until it is
/// disposed, which is after the answer.
/// </summary>
internal sealed class ManagerRequest : IDisposable
{
    private const int KeptCapacity = 1 << 20;

    [ThreadStatic]
    private static ManagerRequest? _spare;

    private readonly ArrayBufferWriter<byte> _body = new(256);
    private readonly ArrayBufferWriter<byte> _value = new(256);
    private readonly List<HandleScope> _scopes = [];
    private HandleScope? _spareScope;

    private ManagerRequest()
    {
    }

    public ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    public static ManagerRequest Create(ManagerOp op, ulong objectId = 0)
    {
        ManagerRequest request = _spare ?? new ManagerRequest();
        _spare = null;
        return request.Add((byte)op).Add(objectId);
    }

    public ManagerRequest Add<T>(T value)
        where T : unmanaged
    {
        var writer = new PayloadWriter(_body);
        writer.WriteMemory(value);
        writer.Flush();
        return this;
    }

    public ManagerRequest Add(string value)
    {
        var writer = new PayloadWriter(_body);
        writer.WriteString(value);
        writer.Flush();
        return this;
    }

    /// <summary>A value that the server keeps as bytes, and which of its objects have a proxy in it.</summary>
    /// <param name="codec">Encodes it.</param>
    /// <param name="value">The value.</param>
    /// <param name="server">Whose proxies count.</param>
    /// <param name="tag">Written before the value, where its type is not the collection's own.</param>
    public ManagerRequest AddValue<T>(Codec<T> codec, T value, Guid server, string? tag = null)
    {
        _value.ResetWrittenCount();

        // Few values have handles in them, so one scope serves for many.
        HandleScope scope = _spareScope ?? new HandleScope();
        _spareScope = null;
        _scopes.Add(scope);
        try
        {
            var writer = new PayloadWriter(_value, scope);
            if (tag is not null) writer.WriteString(tag);
            codec.Write(ref writer, value);
            writer.Flush();
        }
        catch
        {
            Withdraw();
            throw;
        }

        if (scope.IsEmpty)
        {
            _scopes.RemoveAt(_scopes.Count - 1);
            _spareScope = scope;
        }

        return AddEncoded(_value.WrittenSpan, scope, server);
    }

    /// <summary>As <see cref="AddValue"/>, a value that is encoded already.</summary>
    /// <param name="value">The bytes.</param>
    /// <param name="handles">The handles in them, which the caller keeps open until the answer.</param>
    /// <param name="server">Whose proxies count.</param>
    public ManagerRequest AddEncoded(ReadOnlySpan<byte> value, HandleScope? handles, Guid server)
    {
        ulong[] references = handles is null or { IsEmpty: true } ? [] : ReferencesIn(handles, server);
        var writer = new PayloadWriter(_body);
        writer.WriteMemory(value.Length);
        writer.WriteMemorySpan(value);
        writer.WriteMemory(references.Length);
        writer.WriteMemorySpan<ulong>(references);
        writer.Flush();
        return this;
    }

    /// <summary>The arguments of a call, which the server decodes.</summary>
    public ManagerRequest AddArguments(ManagedCall call)
    {
        var scope = new HandleScope();
        _scopes.Add(scope);
        var writer = new PayloadWriter(_body, scope);
        call.WriteArguments(ref writer);
        writer.Flush();
        return this;
    }

    public ManagerRequest AddValues<T>(Codec<T> codec, IEnumerable<T> values, Guid server)
    {
        IReadOnlyCollection<T> all = ManagedValues.Collect(values);
        Add(all.Count);
        foreach (T value in all) AddValue(codec, value, server);
        return this;
    }

    /// <summary>Lets go of the handles that <see cref="AddEncoded"/> has named to the server: it counts them itself now.</summary>
    public static void LetGo(HandleScope handles, Guid server)
    {
        foreach (ProxyLease lease in LeasesOf(handles, server)) lease.Dispose();
    }

    /// <summary>Instead of <see cref="Dispose"/>, where it will not be sent.</summary>
    public void Withdraw()
    {
        foreach (HandleScope scope in _scopes) scope.Withdraw();
        Dispose();
    }

    public void Dispose()
    {
        foreach (HandleScope scope in _scopes) scope.Dispose();
        _scopes.Clear();
        _body.ResetWrittenCount();
        if (_body.Capacity <= KeptCapacity && _value.Capacity <= KeptCapacity) _spare = this;
    }

    private static ulong[] ReferencesIn(HandleScope handles, Guid server) => [.. LeasesOf(handles, server).Select(static lease => lease.ObjectId)];

    private static IEnumerable<ProxyLease> LeasesOf(HandleScope handles, Guid server) =>
        handles.Leases.OfType<ProxyLease>().Where(lease => lease.Client.ServerId == server);
}
