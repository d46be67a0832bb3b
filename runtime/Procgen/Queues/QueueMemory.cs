using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>A block with a <see cref="PageHeap"/> and one or more <see cref="ItemLog"/>s: a queue, or the directions of a pipe.</summary>
internal sealed class QueueMemory : IDisposable
{
    // How far a queue may grow; where a mapping is committed as a whole, addresses are scarcer.
    private const int Windows = 64;
    private const int SmallWindows = 60;

    private const int LogsStart = HeapLayout.ControlSize;

    private QueueMemory(SharedBlock block)
    {
        Block = block;
        Heap = new PageHeap(block, 0);
    }

    public SharedBlock Block { get; }

    public PageHeap Heap { get; }

    /// <summary>Makes a block with empty logs in it.</summary>
    /// <param name="logs">How many logs.</param>
    /// <param name="extra">Zeroed bytes behind them for the caller's use: <see cref="ExtraStart"/>.</param>
    /// <param name="maxItems">How many items each log may hold; 0 for any number.</param>
    /// <param name="maxVolume">Bytes of items, in units of 64, at which a log lets no more in; 0 for no limit.</param>
    public static QueueMemory Create(int logs, int extra, int maxItems, int maxVolume)
    {
        long size = ExtraStart(logs) + extra;
        uint pages = (uint)((HeapLayout.DefaultWindowShift > 16 ? Windows : SmallWindows) << HeapLayout.DefaultWindowShift);
        SharedBlock block = SharedBlock.Create(size, PageSpace.CapacityFor(size + SharedBlock.Granularity, pages));
        PageHeap.Format(block, 0, pages);
        QueueMemory memory = new(block);
        for (int log = 0; log < logs; log++) ItemLog.Format(block, ControlOf(log), memory.Heap, maxItems, maxVolume);
        return memory;
    }

    /// <summary>Opens what <see cref="WriteHandle"/> wrote.</summary>
    public static QueueMemory Read(ref PayloadReader reader) => new(SharedBlock.Read(ref reader));

    /// <summary>The same memory once more, for another handle object of this process.</summary>
    public QueueMemory Share()
    {
        Block.AddReference();
        return new QueueMemory(Block);
    }

    /// <summary>Opens the memory once more in this process, as if in another: for tests.</summary>
    public QueueMemory OpenAgain() => new(Block.OpenAgain());

    /// <summary>Where the bytes behind the logs begin.</summary>
    public static long ExtraStart(int logs) => ControlOf(logs);

    /// <summary>One of the logs.</summary>
    public ItemLog Open(int log) => new(Block, ControlOf(log), Heap);

    public void WriteHandle(ref PayloadWriter writer) => Block.Write(ref writer);

    /// <summary>Lets go of the memory. No thread may be inside.</summary>
    public void Dispose()
    {
        Heap.Pages.Close();
        Block.Release();
    }

    private static long ControlOf(int log) => LogsStart + ((long)log * LogLayout.ControlSize);
}
