using Procgen;

namespace Overview;

/// <summary>What Python sends as a list of anything: here a message has a type.</summary>
/// <param name="Text">A text.</param>
/// <param name="Number">A number.</param>
/// <param name="Nothing">Nothing at all.</param>
internal sealed record Message(string Text, int Number, string? Nothing);

/// <summary>
/// Both ends of a pipe send and receive, and two processes may use one end at the same time, which the article warns of:
/// a message is never torn.
/// </summary>
internal static class Pipes
{
    public static void Run()
    {
        (Connection<Message> here, Connection<Message> there) = ProcessPipe.Create<Message>();
        using (here)
        {
            using ChildProcess child = ChildProcess.Start(PipesTargets.Send(there));
            there.Dispose(); // the child has its own now: with this one open, its end would never be noticed
            Console.WriteLine(here.Receive());
            child.Join();
            try
            {
                Console.WriteLine(here.Receive());
            }
            catch (EndOfStreamException)
            {
                Console.WriteLine("the other side has closed");
            }
        }
    }

    [ProcessTarget]
    public static void Send(Connection<Message> connection)
    {
        using (connection)
        {
            Console.WriteLine("send an object to the other side...");
            connection.Send(new Message("33", 44, null));
        }
    }
}
