using System.IO.MemoryMappedFiles;

namespace Procgen.Tests.Queues;

/// <summary>
/// What the processes of a torture test did, in a file of the test's own that every one of them maps: it tells, of a killed
/// one too, what it had finished and what it had in its hands.
/// </summary>
internal sealed unsafe class TortureLedger : IDisposable
{
    /// <summary>How many items one process puts at most.</summary>
    public const int MaxItems = 16 * 1024;

    private const int HeadSize = 64;
    private const int LineSize = HeadSize + MaxItems;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    private TortureLedger(MemoryMappedFile file, int processes)
    {
        _file = file;
        _view = file.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        Processes = processes;
    }

    public int Processes { get; }

    /// <summary>Tells the processes to stop.</summary>
    public bool IsOver
    {
        get => Volatile.Read(ref *_start) != 0;
        set => Volatile.Write(ref *_start, value ? (byte)1 : (byte)0);
    }

    public static TortureLedger Create(string path, int processes) =>
        new(MemoryMappedFile.CreateFromFile(path, FileMode.CreateNew, null, HeadSize + ((long)processes * LineSize)), processes);

    public static TortureLedger Open(string path, int processes) =>
        new(MemoryMappedFile.CreateFromFile(path, FileMode.Open), processes);

    /// <summary>How many items a process began to put.</summary>
    public ref int Begun(int process) => ref *(int*)(Line(process) + 0);

    /// <summary>How many items a process has put for certain.</summary>
    public ref int Put(int process) => ref *(int*)(Line(process) + 4);

    /// <summary>Not 0 while a process may have an item in its hands that it has not noted.</summary>
    public ref int Taking(int process) => ref *(int*)(Line(process) + 8);

    /// <summary>Notes that an item was taken for good.</summary>
    public void Note(long item)
    {
        if (Interlocked.CompareExchange(ref *Cell(item), 1, 0) != 0) *Cell(item) = 2;
    }

    public static long ItemOf(int process, int number) => ((long)process << 32) | (uint)number;

    /// <summary>Compares what was put with what was taken.</summary>
    /// <param name="killed">The processes that were killed.</param>
    /// <returns>What is wrong; empty when nothing is.</returns>
    public List<string> FindFaults(IReadOnlySet<int> killed)
    {
        List<string> faults = [];
        int missing = 0;
        for (int process = 0; process < Processes; process++)
        {
            for (int number = 0; number < Begun(process); number++)
            {
                int taken = Taken(process, number);
                if (taken > 1) faults.Add($"item {number} of process {process} was taken twice");
                if (taken == 0 && number < Put(process)) missing++;
                if (taken == 0 && number >= Put(process) && !killed.Contains(process)) faults.Add($"process {process} did not finish putting item {number}");
            }
        }

        int inHands = killed.Count(process => Taking(process) != 0);
        if (missing > inHands) faults.Add($"{missing} items are missing, and the killed processes had {inHands} in their hands");
        return faults;
    }

    /// <summary>How many items were put and taken, for the record.</summary>
    public override string ToString() =>
        $"{Enumerable.Range(0, Processes).Sum(process => (long)Put(process))} items put by {Enumerable.Range(0, Processes).Count(process => Put(process) > 0)} processes";

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private int Taken(int process, int number) => *Cell(ItemOf(process, number));

    private byte* Line(int process) => _start + HeadSize + ((long)process * LineSize);

    private byte* Cell(long item) => Line((int)(item >> 32)) + HeadSize + (uint)item;
}
