using Procgen.CompilerServices;
using Procgen.Serialization;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// What a target that runs for a pool may reach. One serves item after item, until one of them has used it: what a target
/// keeps of it must never speak for another item.
/// </summary>
internal sealed class BatchCall(Link link, ResultWriter results, SentHandles sent, WorkerContext context) : TargetOutput(link, sent)
{
    private Invocation? _invocation;
    private int _isUsed;

    public Invocation Invocation => _invocation ??= new Invocation(Cancellation.Token, context, this);

    /// <summary>Gets ready for the next item, where none has used this.</summary>
    public bool TryReuse()
    {
        HasResult = false;
        return Volatile.Read(ref _isUsed) == 0;
    }

    /// <summary>Gets ready for another caller's items.</summary>
    public bool TryReset() => TryReuse() && Cancellation.TryReset();

    public override void Use() => Volatile.Write(ref _isUsed, 1);

    public override void Result<T>(Codec<T> codec, T value)
    {
        var scope = new HandleScope(isAwaited: true);
        PayloadWriter writer = results.Begin(scope);
        try
        {
            codec.Write(ref writer, value);
        }
        catch
        {
            scope.Withdraw();
            throw;
        }

        results.End(ref writer);
        Keep(scope);
        HasResult = true;
    }
}
