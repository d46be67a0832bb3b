namespace Procgen.Tests.Managers;

/// <summary>Written to in every way that a proxy has.</summary>
[ManagedObject]
internal sealed class Counter(int start = 0)
{
    private int _value = start;

    public event EventHandler<int>? Changed;

    public event Action<string, byte[]?>? Said;

    public event EventHandler? Cleared;

    public int Value
    {
        get => Volatile.Read(ref _value);
        set => Volatile.Write(ref _value, value);
    }

    public string? Note { get; set; }

    public int ProcessId => Environment.ProcessId;

    public int Listeners => (Changed?.GetInvocationList().Length ?? 0) + (Said?.GetInvocationList().Length ?? 0);

    public int this[int index] => index * 2;

    public int Add(int by = 1)
    {
        int value = Interlocked.Add(ref _value, by);
        Changed?.Invoke(this, value);
        return value;
    }

    public async Task<int> AddLaterAsync(int by, CancellationToken cancellationToken = default)
    {
        await Task.Delay(1, cancellationToken);
        return Add(by);
    }

    public void Say(string text, byte[]? data) => Said?.Invoke(text, data);

    public void Clear() => Cleared?.Invoke(this, EventArgs.Empty);

    public int Total(IReadOnlyList<int> values, params int[] more) => values.Sum() + more.Sum();

    public IEnumerable<int> Squares(int count) => Enumerable.Range(0, count).Select(i => i * i);

    public async IAsyncEnumerable<int> CountAsync(int to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int i = 0; i < to; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return i;
        }
    }

    public void Fail(string message) => throw new InvalidOperationException(message);

    public void FailWithDetail(string parameter) => throw new ArgumentOutOfRangeException(parameter, "too much");

    public void FailAsData() => throw new InvalidDataException("not a request's fault");

    public Task FailOddlyAsync() => throw new OddException("odd");

    public void Append(ManagedList<int> list) => list.Add(Value);

    public event Action Refused
    {
        add => Value++;
        remove => throw new InvalidOperationException("this accessor always fails");
    }

    public void EndProcess(int code) => Environment.Exit(code);
}

internal sealed class OddException(string message) : Exception(message);

/// <summary>Two callers meet in it, or do not.</summary>
[ManagedObject]
internal sealed class Meeting : IDisposable
{
    private readonly Barrier _both = new(2);

    public bool Meet(TimeSpan limit) => _both.SignalAndWait(limit);

    public void Dispose() => _both.Dispose();
}

/// <summary>The same, one at a time.</summary>
[ManagedObject(Serialized = true)]
internal sealed class Corridor
{
    private int _inside;
    private int _most;

    public int Most => _most;

    public async Task PassAsync()
    {
        _most = Math.Max(_most, Interlocked.Increment(ref _inside));
        await Task.Delay(20);
        Interlocked.Decrement(ref _inside);
    }
}

/// <summary>Waits for as long as somebody wants its answer.</summary>
[ManagedObject]
internal sealed class Waiter
{
    private readonly TaskCompletionSource _cancelled = new();

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _cancelled.TrySetResult();
            throw;
        }
    }

    [ProcessIgnore]
    public Task Hidden => _cancelled.Task;

    public Task UntilCancelledAsync() => _cancelled.Task;
}

/// <summary>Writes down that it was disposed.</summary>
[ManagedObject]
internal sealed class Ledger(string file) : IAsyncDisposable
{
    public void Write(string line) => File.AppendAllText(file, line + "\n");

    public async ValueTask DisposeAsync()
    {
        await Task.Yield();
        Write("disposed");
    }
}

/// <summary>CPython's own example: one class, shared as a whole and in part.</summary>
[ManagedObject]
internal sealed class FooBar
{
    public string F() => "f()";

    public void G() => throw new ArgumentException("g()");

    [ProcessIgnore]
    public string H() => "h()";
}
