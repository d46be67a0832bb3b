using System.Runtime.ExceptionServices;
using Procgen.CompilerServices;
using Procgen.Errors;
using Procgen.Telemetry;

namespace Procgen.Calls;

/// <summary>
/// An exception on its way from a worker: as itself where its type is known to both sides, else as
/// <see cref="RemoteException"/>; always with type name, message and stack as text.
/// </summary>
internal static class RemoteError
{
    private const int MaxDepth = 8;
    private const byte Unknown = 0;
    private const byte Known = 1;
    private const byte Declared = 2;

    /// <summary>Writes <paramref name="error"/> and its inner exceptions; <paramref name="throws"/> are its target's own.</summary>
    public static void Write(ref PayloadWriter writer, Exception error, RemoteThrow[] throws) => Write(ref writer, error, throws, 1);

    /// <summary>Reads one from a whole payload; where it cannot be read, the result says why.</summary>
    public static Exception ReadOrExplain(ReadOnlySpan<byte> payload, Target target, string origin)
    {
        var reader = new PayloadReader(payload);
        try
        {
            Exception error = Read(ref reader, target.Throws, origin);
            return error is RemoteException remote && UnknownTargetException.IsAbout(target, remote) ? UnknownTargetException.Named(target, remote) : error;
        }
        catch (Exception unreadable)
        {
            return unreadable;
        }
    }

    /// <summary>Reads one; <paramref name="origin"/> says where it was thrown, as "process Worker-1 (pid 42)".</summary>
    public static Exception Read(ref PayloadReader reader, RemoteThrow[] throws, string origin)
    {
        byte how = reader.ReadMemory<byte>();
        int index = reader.ReadMemory<int>();
        string typeName = reader.ReadString() ?? "";
        string message = reader.ReadString() ?? "";
        string? stack = reader.ReadString();
        string? detail = reader.ReadString();
        Exception? inner = reader.ReadMemory<bool>() ? Read(ref reader, throws, origin) : null;
        Exception error = how switch
        {
            Known when (uint)index < (uint)KnownExceptions.Count => KnownExceptions.Create(index, message, detail, inner),
            Declared when (uint)index < (uint)throws.Length && TryCreate(throws[index], message, inner) is Exception declared => declared,
            _ => new RemoteException(typeName, message, stack, inner),
        };
        string trace = stack is null ? $"   in {origin}" : $"{stack}{Environment.NewLine}   in {origin}";
        if (inner is not null && error.InnerException is null) trace += $"{Environment.NewLine} ---> {Describe(inner)}"; // No constructor takes it.
        ExceptionDispatchInfo.SetRemoteStackTrace(error, trace);
        return error;
    }

    /// <summary>Null where the user's constructor throws: the error that it stands for must not be lost.</summary>
    private static Exception? TryCreate(RemoteThrow type, string message, Exception? inner)
    {
        try
        {
            return type.Create(message, inner);
        }
        catch (Exception failure)
        {
            ProcgenEvents.Log.CallbackFailed($"The constructor of {type.Type}", Environment.ProcessPath ?? "", Describe(failure) ?? "");
            return null;
        }
    }

    /// <summary>All about an exception, for standard error.</summary>
    public static string? Describe(Exception error) => Ask(error, static error => error.ToString());

    /// <summary>An exception of the user's that fails to describe itself must not be the end of its process.</summary>
    private static string? Ask(Exception error, Func<Exception, string?> question)
    {
        try
        {
            return question(error);
        }
        catch (Exception failure)
        {
            return $"({error.GetType()} cannot be described: that threw {failure.GetType()})";
        }
    }

    private static void Write(ref PayloadWriter writer, Exception error, RemoteThrow[] throws, int depth)
    {
        Type type = error.GetType();
        int declared = Array.FindIndex(throws, entry => entry.Type == type);
        int known = declared < 0 ? KnownExceptions.IndexOf(type) : -1;
        writer.WriteMemory(declared >= 0 ? Declared : known >= 0 ? Known : Unknown);
        writer.WriteMemory(declared >= 0 ? declared : known);
        writer.WriteString(error is RemoteException remote ? remote.RemoteTypeName : type.FullName ?? type.Name);
        writer.WriteString(WellFormed(error is RemoteException again ? again.RemoteMessage : Ask(error, static error => error.Message)));
        writer.WriteString(WellFormed(Ask(error, static error => error.StackTrace)));
        writer.WriteString(known >= 0 ? WellFormed(KnownExceptions.DetailOf(known, error)) : null);
        Exception? inner = depth < MaxDepth ? error.InnerException : null;
        writer.WriteMemory(inner is not null);
        if (inner is not null) Write(ref writer, inner, throws, depth + 1);
    }

    /// <summary>A message with half a surrogate pair must not stop the error it belongs to.</summary>
    private static string? WellFormed(string? text)
    {
        if (text is null) return null;
        Span<byte> utf8 = new byte[System.Text.Encoding.UTF8.GetMaxByteCount(text.Length)];
        int count = System.Text.Encoding.UTF8.GetBytes(text, utf8);
        return System.Text.Encoding.UTF8.GetString(utf8[..count]);
    }
}
