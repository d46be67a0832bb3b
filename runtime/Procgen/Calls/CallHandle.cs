using Procgen.CompilerServices;

namespace Procgen.Calls;

/// <summary>A call as an argument: its target's identity, then its own arguments.</summary>
/// <remarks>A call may lie in a call, as an object in an object: as deep, and no deeper.</remarks>
internal static class CallHandle
{
    public static void Write(ref PayloadWriter writer, ProcessCall call)
    {
        WriteTarget(ref writer, call.Target);
        writer.Deepen();
        call.WriteArguments(ref writer);
        writer.EndObject();
    }

    public static TCall Read<TCall>(ref PayloadReader reader)
        where TCall : ProcessCall
    {
        Target target = ReadTarget(ref reader);
        reader.Deepen();
        ProcessCall? read = (target as CallTarget)?.Read(ref reader);
        reader.EndObject();
        return read as TCall ?? throw new ProcessSerializationException($"{target.Name} is not a {typeof(TCall).Name}");
    }

    public static void WriteTarget(ref PayloadWriter writer, Target target)
    {
        writer.WriteGuid(target.ModuleVersionId);
        writer.WriteMemory(target.Id);
    }

    public static Target ReadTarget(ref PayloadReader reader)
    {
        Guid module = reader.ReadGuid();
        ulong id = reader.ReadMemory<ulong>();
        return TargetRegistry.TryFind(module, id, out Target? target)
            ? target
            : throw new UnknownTargetException(module, id);
    }
}
