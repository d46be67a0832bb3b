using System.ComponentModel;
using Procgen.Managers;

namespace Procgen.CompilerServices;

/// <summary>One call of a managed object's member with its arguments: written in the client, read and made in the server.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ManagedCall
{
    private protected ManagedCall(ManagedMember member) => Member = member;

    internal ManagedMember Member { get; }

    /// <summary>Appends the arguments in order.</summary>
    protected internal abstract void WriteArguments(ref PayloadWriter writer);

    /// <summary>Calls the member and appends its result.</summary>
    internal virtual void Execute(object target, CancellationToken cancellationToken, ref PayloadWriter answer) =>
        throw new NotSupportedException($"{Member.Name} is no member to call.");

    /// <summary>Opens the stream that the member is; null for any other.</summary>
    internal virtual CustomStream? Open(CustomObject host) => null;

    /// <summary>
    /// Waits for what an asynchronous member does. In the server a connection whose members are called has a thread of its
    /// own, which nobody else needs: the answer is sent without one from the pool.
    /// </summary>
    protected static void Await(ValueTask task)
    {
        if (task.IsCompleted) task.GetAwaiter().GetResult();
        else task.AsTask().GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Await(ValueTask)"/>
    protected static T Await<T>(ValueTask<T> task) => task.IsCompleted ? task.Result : task.AsTask().GetAwaiter().GetResult();
}

/// <summary>A call with a result.</summary>
/// <typeparam name="TResult">The result's type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ManagedCall<TResult> : ManagedCall
{
    private protected ManagedCall(ManagedMember<TResult> member)
        : base(member)
    {
    }

    internal Codec<TResult> Result => ((ManagedMember<TResult>)Member).Result;
}

/// <summary>What generated calls of members without a result derive from.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ManagedAction<TObject>(ManagedMember member) : ManagedCall(member)
    where TObject : class
{
    /// <summary>Calls the member.</summary>
    protected internal abstract void Invoke(TObject target, CancellationToken cancellationToken);

    internal override void Execute(object target, CancellationToken cancellationToken, ref PayloadWriter answer) => Invoke((TObject)target, cancellationToken);
}

/// <summary>What generated calls of members with a result derive from.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ManagedFunction<TObject, TResult>(ManagedMember<TResult> member) : ManagedCall<TResult>(member)
    where TObject : class
{
    /// <summary>Calls the member.</summary>
    protected internal abstract TResult Invoke(TObject target, CancellationToken cancellationToken);

    internal override void Execute(object target, CancellationToken cancellationToken, ref PayloadWriter answer)
    {
        TResult result = Invoke((TObject)target, cancellationToken);
        Result.Write(ref answer, result);
    }
}

/// <summary>What generated calls of constructors derive from.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ManagedCreation(ManagedMember member) : ManagedCall(member)
{
    /// <summary>Calls the constructor.</summary>
    protected internal abstract object Create();
}

/// <summary>A call whose items come one after the other.</summary>
/// <typeparam name="TItem">An item's type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ManagedStream<TItem> : ManagedCall<TItem>
{
    private protected ManagedStream(ManagedMember<TItem> member)
        : base(member)
    {
    }
}

/// <summary>What generated calls of members that return <see cref="IAsyncEnumerable{T}"/> derive from.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ManagedSequence<TObject, TItem>(ManagedMember<TItem> member) : ManagedStream<TItem>(member)
    where TObject : class
{
    /// <summary>Calls the member.</summary>
    protected internal abstract IAsyncEnumerable<TItem> Invoke(TObject target, CancellationToken cancellationToken);

    internal sealed override CustomStream Open(CustomObject host) =>
        new SequenceStream<TItem>(host, Result, token => Invoke((TObject)host.Value, token));
}

/// <summary>What generated subscriptions to events derive from.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ManagedEvent<TObject, TItem>(ManagedMember<TItem> member) : ManagedStream<TItem>(member)
    where TObject : class
{
    /// <summary>Adds a handler that calls <paramref name="raise"/>, which neither blocks nor throws.</summary>
    /// <returns>Removes the handler.</returns>
    protected internal abstract Action Subscribe(TObject target, Action<TItem> raise);

    internal sealed override CustomStream Open(CustomObject host) =>
        new EventStream<TItem>(host, Result, raise => Subscribe((TObject)host.Value, raise));
}
