using Procgen.CompilerServices;
using Procgen.Serialization;

namespace Procgen.Shared;

/// <summary>One reference to a block, held for a handle that is on its way.</summary>
internal sealed class BlockLease(SharedBlock block) : HandleLease
{
    private readonly int _attachmentsBefore = block.AttachmentsWord.Read();
    private int _disposed;

    public override bool IsAttached => block.AttachmentsWord.Read() != _attachmentsBefore;

    public override bool CanBeLeft => true;

    public override void WriteHandle(ref PayloadWriter writer) => block.Write(ref writer);

    public override bool WaitUntilAttached(TimeSpan timeout)
    {
        Deadline deadline = Deadline.After(timeout);
        while (!IsAttached)
        {
            if (deadline.HasPassed) return false;
            block.AttachmentsWord.Wait(_attachmentsBefore, deadline.Slice());
        }

        return true;
    }

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) block.Release();
    }
}
