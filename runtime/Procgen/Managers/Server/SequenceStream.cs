using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>What a member yields, as fast as the client takes it. Each step takes its turn among the object's calls.</summary>
internal sealed class SequenceStream<TItem>(CustomObject host, Codec<TItem> codec, Func<CancellationToken, IAsyncEnumerable<TItem>> open) : CustomStream(host)
{
    public override void Run(Connection connection)
    {
        using var client = new ClientWatch(connection);
        byte[] last = End;
        try
        {
            IAsyncEnumerator<TItem> items = Host.InTurn(() => open(client.Token).GetAsyncEnumerator(client.Token), client.Token);
            try
            {
                while (Host.InTurn(() => Await(items.MoveNextAsync()), client.Token)) connection.SendBytes(Item(codec, items.Current));
            }
            finally
            {
                Host.InTurn(() => Await(DisposeAsync(items)));
            }
        }
        catch (EndOfStreamException) when (client.Token.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            last = Failure(error);
        }

        connection.SendBytes(last);
    }

    private static async ValueTask<bool> DisposeAsync(IAsyncEnumerator<TItem> items)
    {
        await items.DisposeAsync().ConfigureAwait(false);
        return true;
    }

    private static T Await<T>(ValueTask<T> task) => task.IsCompleted ? task.Result : task.AsTask().GetAwaiter().GetResult();
}
