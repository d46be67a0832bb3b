namespace Procgen.Pools;

/// <summary>What gives a pool work for as long as it lasts: a map. Closing waits for it.</summary>
internal interface IPoolOperation
{
    /// <summary>The pool has another number of workers from now on. Under the pool's lock.</summary>
    void OnResized();

    /// <summary>The pool has ended, and takes nothing more. None of the pool's locks is held.</summary>
    void OnPoolEnded(Exception reason);
}
