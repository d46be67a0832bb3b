using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>
/// Calls of managed objects as requests and answers. An answer is decoded before its connection serves another call: until
/// then the server keeps what the handles in it lead to.
/// </summary>
internal static class ManagedExchange
{
    /// <summary>A request that makes an object.</summary>
    public static ManagerRequest Creation(ManagedCreation creation) =>
        AddCall(ManagerRequest.Create(ManagerOp.CreateCustom).Add(creation.Member.Owner.Name), creation);

    /// <summary>Adds which member of which type is called, and the arguments.</summary>
    public static ManagerRequest AddCall(ManagerRequest request, ManagedCall call)
    {
        try
        {
            call.Member.Owner.Write(request);
            return request.Add(call.Member.Index).AddArguments(call);
        }
        catch
        {
            request.Withdraw();
            throw;
        }
    }

    /// <summary>Sends a request and waits for its answer; disposes the request.</summary>
    /// <param name="client">The server's client.</param>
    /// <param name="request">The request.</param>
    /// <param name="result">Reads the answer; null where it has no result.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection: the server then knows that nobody waits.</param>
    /// <exception cref="ConnectionLostException">The server is gone.</exception>
    public static TResult Send<TResult>(ManagerClient client, ManagerRequest request, Codec<TResult>? result, CancellationToken cancellationToken)
    {
        using (request)
        {
            Connection connection = client.RentFor(request, cancellationToken);
            byte[] answer;
            try
            {
                connection.SendBytes(request.Body.Span, cancellationToken);
                answer = connection.ReceiveBytes(cancellationToken);
            }
            catch (Exception error)
            {
                client.Drop(connection);
                if (ManagerClient.IsLoss(error)) throw client.Lost(error);
                throw;
            }

            return Finish(client, connection, answer, result);
        }
    }

    /// <inheritdoc cref="Send"/>
    public static async Task<TResult> SendAsync<TResult>(ManagerClient client, ManagerRequest request, Codec<TResult>? result, CancellationToken cancellationToken)
    {
        using (request)
        {
            Connection connection = client.RentFor(request, cancellationToken);
            byte[] answer;
            try
            {
                await connection.SendBytesAsync(request.Body, cancellationToken).ConfigureAwait(false);
                answer = await connection.ReceiveBytesAsync(null, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                client.Drop(connection);
                if (ManagerClient.IsLoss(error)) throw client.Lost(error);
                throw;
            }

            return Finish(client, connection, answer, result);
        }
    }

    private static TResult Finish<TResult>(ManagerClient client, Connection connection, byte[] answer, Codec<TResult>? result)
    {
        try
        {
            PayloadReader reader = client.ReadAnswer(answer);
            return result is null ? default! : result.Read(ref reader);
        }
        finally
        {
            client.Return(connection);
        }
    }
}
