using System.Runtime.CompilerServices;
using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;

namespace Procgen.Launching;

/// <summary>
/// What was lately asked of the reserve: those that boot for it compile these targets, so that one which is taken has only
/// to run its call. Targets that nobody asked for would cost each of them more than their calls gain.
/// </summary>
internal static class RecentTargets
{
    private const int Limit = 16;
    private static readonly object Gate = new();
    private static readonly List<Target> Targets = new(Limit);

    /// <summary>To a booting worker: which these are.</summary>
    public static readonly FrameBody<Target[]> Write = static (ref PayloadWriter writer, Target[] targets) =>
    {
        writer.WriteMemory(targets.Length);
        foreach (Target target in targets) CallHandle.WriteTarget(ref writer, target);
    };

    public static void Add(Target target)
    {
        lock (Gate)
        {
            if (!Targets.Remove(target) && Targets.Count == Limit) Targets.RemoveAt(0);
            Targets.Add(target);
        }
    }

    public static Target[] ToArray()
    {
        lock (Gate) return [.. Targets];
    }

    /// <summary>In the worker: compiles what <see cref="Write"/> has named.</summary>
    public static void Prepare(ref PayloadReader reader)
    {
        int count = reader.ReadMemory<int>();
        for (int i = 0; i < count; i++) Prepare(reader.ReadGuid(), reader.ReadMemory<ulong>());
    }

    private static void Prepare(Guid module, ulong id)
    {
        if (!RuntimeFeature.IsDynamicCodeCompiled) return; // All of it was, with the app.
        try
        {
            if (TargetRegistry.TryFind(module, id, out Target? target)) target.Prepare();
        }
        catch (Exception)
        {
            // Its calls will say so: what is made here is the user's too, such as a codec.
        }
    }
}
