using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Serialization;

namespace Procgen.Calls;

/// <summary>The bodies of frames about calls: each begins with the call's id on its link.</summary>
internal static class CallFrames
{
    /// <summary>Encodes a call, so that its arguments may change afterwards.</summary>
    /// <param name="frames">Where the frame goes.</param>
    /// <param name="id">The call's id on its link.</param>
    /// <param name="item">The call.</param>
    /// <param name="scope">Keeps its handles open until the call has ended.</param>
    public static void AppendCall(FrameBuffer frames, uint id, IWorkItem item, HandleScope scope) =>
        frames.Append(FrameKind.Call, new NumberedCall(id, item), static (ref PayloadWriter writer, NumberedCall call) =>
        {
            writer.WriteMemory(call.Id);
            CallHandle.WriteTarget(ref writer, call.Item.Target);
            call.Item.WriteArguments(ref writer);
        }, scope);

    /// <summary>Reads what follows the target of a call.</summary>
    public static IWorkItem ReadItem(Target target, ref PayloadReader reader) => target switch
    {
        CallTarget call => call.Read(ref reader),
        IStreamTarget stream => stream.Read(ref reader),
        _ => throw new InvalidDataException($"{target.Name} is no call."),
    };

    public static readonly FrameBody<uint> Id = static (ref PayloadWriter writer, uint id) => writer.WriteMemory(id);

    public static readonly FrameBody<StreamCredit> Credit = static (ref PayloadWriter writer, StreamCredit credit) =>
    {
        writer.WriteMemory(credit.Id);
        writer.WriteMemory(credit.Bytes);
    };

    private readonly record struct NumberedCall(uint Id, IWorkItem Item);
}

/// <summary>A stream may send so many more bytes of items.</summary>
internal readonly record struct StreamCredit(uint Id, int Bytes);
