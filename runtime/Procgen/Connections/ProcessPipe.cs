using Procgen.Connections;

namespace Procgen;

/// <summary>Makes pipes: two connected ends in shared memory. Python's <c>Pipe</c>.</summary>
public static class ProcessPipe
{
    /// <summary>Makes a pipe with messages of one type.</summary>
    /// <param name="duplex">Both ends send and receive; else the first one only receives and the second one only sends.</param>
    /// <typeparam name="T">What the messages are.</typeparam>
    public static (Connection<T> First, Connection<T> Second) Create<T>(bool duplex = true)
    {
        (PipeTransport first, PipeTransport second) = PipeTransport.Create(duplex);
        return (new Connection<T>(first), new Connection<T>(second));
    }

    /// <summary>Makes a pipe whose directions carry messages of different types.</summary>
    /// <typeparam name="TFirst">What the first end sends.</typeparam>
    /// <typeparam name="TSecond">What the second end sends.</typeparam>
    public static (Connection<TFirst, TSecond> First, Connection<TSecond, TFirst> Second) Create<TFirst, TSecond>()
    {
        (PipeTransport first, PipeTransport second) = PipeTransport.Create(duplex: true);
        return (new Connection<TFirst, TSecond>(first), new Connection<TSecond, TFirst>(second));
    }
}
