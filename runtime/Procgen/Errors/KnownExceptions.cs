using System.ComponentModel;
using System.Security;
using System.Text.Json;

namespace Procgen.Errors;

/// <summary>
/// The exceptions of the base class library, and of this one, that cross as themselves. A closed list, and an index on the wire: append
/// only. Anything else that a target throws needs <see cref="ProcessTargetAttribute.Throws"/>.
/// </summary>
internal static class KnownExceptions
{
    /// <param name="Type">The exact type.</param>
    /// <param name="Detail">What it knows beside its message: a parameter, file or object name.</param>
    /// <param name="Create">From message, detail and inner exception.</param>
    private sealed record Entry(Type Type, Func<Exception, string?> Detail, Func<string, string?, Exception?, Exception> Create);

    private static readonly Entry[] Entries =
    [
        Plain<Exception>(static (message, inner) => new Exception(message, inner)),
        new(typeof(ArgumentException), ParameterName, static (message, name, inner) => new ArgumentException(WithoutParameter(message, name), name, inner)),
        new(typeof(ArgumentNullException), ParameterName, static (message, name, inner) =>
            inner is null ? new ArgumentNullException(name, WithoutParameter(message, name)) : new ArgumentNullException(message, inner)),
        new(typeof(ArgumentOutOfRangeException), ParameterName, static (message, name, inner) =>
            inner is null ? OutOfRange(message, name) : new ArgumentOutOfRangeException(message, inner)),
        Plain<ArithmeticException>(static (message, inner) => new ArithmeticException(message, inner)),
        Plain<DivideByZeroException>(static (message, inner) => new DivideByZeroException(message, inner)),
        Plain<OverflowException>(static (message, inner) => new OverflowException(message, inner)),
        Plain<NotFiniteNumberException>(static (message, inner) => new NotFiniteNumberException(message, inner)),
        Plain<InvalidOperationException>(static (message, inner) => new InvalidOperationException(message, inner)),
        new(typeof(ObjectDisposedException), static error => ((ObjectDisposedException)error).ObjectName, static (message, name, inner) =>
            inner is null ? new ObjectDisposedException(name, Given(message, new ObjectDisposedException(name, "").Message)) : new ObjectDisposedException(message, inner)),
        Plain<NotSupportedException>(static (message, inner) => new NotSupportedException(message, inner)),
        Plain<PlatformNotSupportedException>(static (message, inner) => new PlatformNotSupportedException(message, inner)),
        Plain<NotImplementedException>(static (message, inner) => new NotImplementedException(message, inner)),
        Plain<InvalidCastException>(static (message, inner) => new InvalidCastException(message, inner)),
        Plain<NullReferenceException>(static (message, inner) => new NullReferenceException(message, inner)),
        Plain<IndexOutOfRangeException>(static (message, inner) => new IndexOutOfRangeException(message, inner)),
        Plain<KeyNotFoundException>(static (message, inner) => new KeyNotFoundException(message, inner)),
        Plain<FormatException>(static (message, inner) => new FormatException(message, inner)),
        Plain<InvalidDataException>(static (message, inner) => new InvalidDataException(message, inner)),
        Plain<TimeoutException>(static (message, inner) => new TimeoutException(message, inner)),
        Plain<OperationCanceledException>(static (message, inner) => new OperationCanceledException(message, inner)),
        Plain<TaskCanceledException>(static (message, inner) => new TaskCanceledException(message, inner)),
        Plain<OutOfMemoryException>(static (message, inner) => new OutOfMemoryException(message, inner)),
        Plain<InsufficientMemoryException>(static (message, inner) => new InsufficientMemoryException(message, inner)),
        Plain<InsufficientExecutionStackException>(static (message, inner) => new InsufficientExecutionStackException(message, inner)),
        Plain<RankException>(static (message, inner) => new RankException(message, inner)),
        Plain<ArrayTypeMismatchException>(static (message, inner) => new ArrayTypeMismatchException(message, inner)),
        Plain<UnauthorizedAccessException>(static (message, inner) => new UnauthorizedAccessException(message, inner)),
        Plain<SecurityException>(static (message, inner) => new SecurityException(message, inner)),
        Plain<IOException>(static (message, inner) => new IOException(message, inner)),
        new(typeof(FileNotFoundException), static error => ((FileNotFoundException)error).FileName, static (message, name, inner) => new FileNotFoundException(message, name, inner)),
        Plain<DirectoryNotFoundException>(static (message, inner) => new DirectoryNotFoundException(message, inner)),
        Plain<PathTooLongException>(static (message, inner) => new PathTooLongException(message, inner)),
        Plain<DriveNotFoundException>(static (message, inner) => new DriveNotFoundException(message, inner)),
        Plain<EndOfStreamException>(static (message, inner) => new EndOfStreamException(message, inner)),
        new(typeof(BadImageFormatException), static error => ((BadImageFormatException)error).FileName, static (message, name, inner) => new BadImageFormatException(message, name, inner)),
        Plain<DllNotFoundException>(static (message, inner) => new DllNotFoundException(message, inner)),
        Plain<EntryPointNotFoundException>(static (message, inner) => new EntryPointNotFoundException(message, inner)),
        Plain<SynchronizationLockException>(static (message, inner) => new SynchronizationLockException(message, inner)),
        Plain<SemaphoreFullException>(static (message, inner) => new SemaphoreFullException(message, inner)),
        Plain<AbandonedMutexException>(static (message, inner) => new AbandonedMutexException(message, inner)),
        Plain<InvalidEnumArgumentException>(static (message, inner) => new InvalidEnumArgumentException(message, inner)),
        Plain<JsonException>(static (message, inner) => new JsonException(message, inner)),
        Plain<UriFormatException>(static (message, inner) => new UriFormatException(message, inner)),
        Plain<ProcgenException>(static (message, inner) => new ProcgenException(message, inner)),
        Plain<ConnectionLostException>(static (message, inner) => new ConnectionLostException(message, inner)),
        new(typeof(ProcessSerializationException), static error => ((ProcessSerializationException)error).Path, static (message, path, inner) =>
            new ProcessSerializationException(WithoutPath(message, path), path ?? "", inner)),
        Plain<BarrierBrokenException>(static (message, inner) => new BarrierBrokenException(message, inner)),
    ];

    public static int Count => Entries.Length;

    public static IEnumerable<Type> Types => Entries.Select(static entry => entry.Type);

    /// <summary>The index of exactly this type, or −1.</summary>
    public static int IndexOf(Type type) => Array.FindIndex(Entries, entry => entry.Type == type);

    public static string? DetailOf(int index, Exception error) => Entries[index].Detail(error);

    public static Exception Create(int index, string message, string? detail, Exception? inner) => Entries[index].Create(message, detail, inner);

    private static Entry Plain<T>(Func<string, Exception?, T> create)
        where T : Exception =>
        new(typeof(T), static _ => null, (message, _, inner) => create(message, inner));

    private static string? ParameterName(Exception error) => ((ArgumentException)error).ParamName;

    private static string WithoutParameter(string message, string? name) => Given(message, new ArgumentException("", name).Message);

    private static ArgumentOutOfRangeException OutOfRange(string message, string? name) =>
        WithValue(message, name) ?? WithValue(message.ReplaceLineEndings(), name) ?? new ArgumentOutOfRangeException(name, WithoutParameter(message, name));

    /// <summary>With the actual value, as the text that the message has of it; null where it has none.</summary>
    private static ArgumentOutOfRangeException? WithValue(string message, string? name)
    {
        string shown = new ArgumentOutOfRangeException(name, "\0", "").Message;
        int value = shown.LastIndexOf('\0');
        if (Cut(message, shown[(value + 1)..]) is not string rest) return null;
        int end = rest.LastIndexOf(shown[..value], StringComparison.Ordinal);
        return end < 0 ? null : new ArgumentOutOfRangeException(name, rest[(end + value)..], rest[..end]);
    }

    /// <summary>The message as it was given, without what its property appends; that may have been on a system that ends lines otherwise.</summary>
    private static string Given(string message, string appended) => Cut(message, appended) ?? Cut(message.ReplaceLineEndings(), appended) ?? message;

    private static string? Cut(string message, string end) => message.EndsWith(end, StringComparison.Ordinal) ? message[..^end.Length] : null;

    /// <summary>The problem, without the member at fault, which the property puts before it.</summary>
    private static string WithoutPath(string message, string? path) =>
        !string.IsNullOrEmpty(path) && message.StartsWith($"{path}: ", StringComparison.Ordinal) ? message[(path.Length + 2)..] : message;
}
