using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Procgen.Interop;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Reads MemoryPack's binary format from a span. A ref struct: one payload, one thread.</summary>
/// <remarks>
/// Nothing is allocated before the bytes that fill it are there: a string's and an array's are, and a collection's length
/// is held against what remains once every collection around it has got the least that its other elements take.
/// </remarks>
public ref partial struct PayloadReader
{
    // Refuses what is not UTF-8 instead of replacing it.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _payload;
    private int _offset;

    // The least that the elements announced so far and not yet begun will take.
    private int _promised;
    private int _depth;

    // Objects that others may refer to, by number: PayloadReader.References.cs.
    private List<object>? _seen;

    internal PayloadReader(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>Where handles note that they were opened, for an item that may go back; null where that is told at once.</summary>
    internal HandleReceipt? Receipt { get; init; }

    /// <summary>How many bytes have not been read.</summary>
    public readonly int Remaining => _payload.Length - _offset;

    /// <summary>Reads the memory of a value that contains no references.</summary>
    /// <exception cref="ProcessSerializationException">The payload ends before it.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T ReadUnmanaged<T>()
        where T : unmanaged => ReadMemory<T>();

    /// <summary>Reads an optional value that contains no references.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T? ReadNullable<T>()
        where T : unmanaged => ReadOptional<T>();

    /// <summary>Reads a string in either of its two forms.</summary>
    /// <exception cref="ProcessSerializationException">It is longer than the payload, or no valid text.</exception>
    public string? ReadString()
    {
        int header = ReadMemory<int>();
        if (header < PayloadFormat.NullCollection) return ReadUtf8(~header);
        if (header <= 0) return header == 0 ? "" : null;
        if (header > Remaining / sizeof(char)) PayloadErrors.Length(header);
        return new string(MemoryMarshal.Cast<byte, char>(TakeSpan(header * sizeof(char))));
    }

    /// <summary>Reads a handle: a queue, a lock, a call.</summary>
    public T? ReadHandle<T>()
        where T : class, IProcessHandle<T> =>
        ReadMemory<bool>() ? T.ReadHandle(ref this) : null;

    /// <summary>Begins an object. <see cref="EndObject"/> follows its last member.</summary>
    /// <param name="count">How many of its members follow.</param>
    /// <param name="members">How many it has.</param>
    /// <param name="type">Its name, for messages.</param>
    /// <returns>False where it is null: nothing follows, and nothing is to be ended.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryBeginObject(out int count, byte members, string type)
    {
        count = ReadMemory<byte>();
        if (count == PayloadFormat.Null) return false;
        if (count > members) PayloadErrors.MemberCount(count, members, type);
        Deepen();
        return true;
    }

    /// <summary>Begins a struct with references, which is never null.</summary>
    /// <inheritdoc cref="TryBeginObject"/>
    /// <returns>How many of its members follow.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int BeginStruct(byte members, string type)
    {
        if (!TryBeginObject(out int count, members, type)) PayloadErrors.MemberCount(count, members, type);
        return count;
    }

    /// <summary>Ends what <see cref="TryBeginObject"/>, <see cref="BeginStruct"/> or <see cref="Deepen"/> began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndObject() => _depth--;

    /// <summary>Begins something that may hold itself. <see cref="EndObject"/> follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Deepen()
    {
        if (Nesting.IsLookedAt(++_depth)) Nesting.Check(_depth);
    }

    /// <summary>Reads which type of a union follows.</summary>
    /// <returns>False where the value is null.</returns>
    public bool TryReadUnionTag(out ushort tag)
    {
        tag = ReadMemory<byte>();
        if (tag == PayloadFormat.Wide) tag = ReadMemory<ushort>();
        else if (tag == PayloadFormat.Null) return false;
        else if (tag > PayloadFormat.Wide) PayloadErrors.Code(tag, "a union's tag");
        return true;
    }

    /// <summary>The bytes that have not been read, for another serializer of the same format. <see cref="Skip"/> follows.</summary>
    public readonly ReadOnlySpan<byte> Unread => _payload[_offset..];

    /// <summary>Passes over bytes.</summary>
    /// <exception cref="ProcessSerializationException">There are not so many.</exception>
    public void Skip(int bytes)
    {
        if (bytes < 0) PayloadErrors.Length(bytes);
        Take(bytes);
    }

    /// <summary>Refuses bytes after the value.</summary>
    public readonly void EnsureEnd()
    {
        if (Remaining != 0) PayloadErrors.Trailing(Remaining);
    }

    /// <summary>Begins a collection whose elements take at least <paramref name="elementSize"/> bytes each.</summary>
    /// <remarks><see cref="NextElement"/> goes before every element.</remarks>
    /// <returns>False where the collection is null.</returns>
    internal bool TryBeginCollection(int elementSize, out int count)
    {
        count = ReadMemory<int>();
        if (count == PayloadFormat.NullCollection)
        {
            count = 0;
            return false;
        }

        Promise(count, elementSize);
        return true;
    }

    /// <summary>Makes sure that so many elements can follow.</summary>
    internal void Promise(int count, int elementSize)
    {
        long bytes = (long)count * elementSize;
        if (count < 0 || bytes > Remaining - _promised) PayloadErrors.Length(count);
        _promised += (int)bytes;
    }

    /// <summary>One element less to come.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void NextElement(int elementSize) => _promised -= elementSize;

    /// <summary><see cref="ReadUnmanaged{T}"/> for generic code that has made sure of <typeparamref name="T"/> itself, and for the library's own.</summary>
    /// <remarks>Crossgen neither compiles nor inlines a method with the <c>unmanaged</c> constraint: each would be compiled at every start of a worker.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T ReadMemory<T>()
    {
        Debug.Assert(!RuntimeHelpers.IsReferenceOrContainsReferences<T>(), "Only values without references are their memory.");
        if (typeof(T) == typeof(bool)) return (T)(object)ToFlag(Take(1));
        return Unsafe.ReadUnaligned<T>(ref Take(Unsafe.SizeOf<T>()));
    }

    /// <summary>As <see cref="ReadMemory{T}"/>, for an optional value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T? ReadOptional<T>()
        where T : struct
    {
        ref byte slot = ref Take(Unsafe.SizeOf<T?>());
        if (!ToFlag(slot)) return null;
        if (typeof(T) == typeof(bool)) return (T)(object)ToFlag(Unsafe.Add(ref slot, 1));
        return Unsafe.ReadUnaligned<T>(ref Unsafe.Add(ref slot, Unsafe.SizeOf<T?>() - Unsafe.SizeOf<T>()));
    }

    /// <summary><see cref="ReadMemory{T}"/> of a value in which there are bools.</summary>
    internal T ReadFlagged<T>(int[] flags)
    {
        T value = Unsafe.ReadUnaligned<T>(ref Take(Unsafe.SizeOf<T>()));
        if (flags.Length > 0) Flags.Check(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, byte>(ref value), Unsafe.SizeOf<T>()), Unsafe.SizeOf<T>(), flags);
        return value;
    }

    /// <summary>A Guid by its bytes: what reads it as memory cannot be compiled ahead of time, as its layout is another assembly's.</summary>
    internal Guid ReadGuid() => new(TakeSpan(16));

    /// <summary>So many elements' memory, in one copy.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="flags">Where in each of them there are bools.</param>
    internal void ReadMemorySpan<T>(Span<T> destination, int[] flags)
    {
        Debug.Assert(!RuntimeHelpers.IsReferenceOrContainsReferences<T>(), "Only values without references are their memory.");
        if (destination.IsEmpty) return;
        int bytes = checked(destination.Length * Unsafe.SizeOf<T>());
        ref byte target = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(destination));
        LargeCopies.Copy(TakeSpan(bytes), MemoryMarshal.CreateSpan(ref target, bytes));
        if (flags.Length > 0) Flags.Check(MemoryMarshal.CreateReadOnlySpan(ref target, bytes), Unsafe.SizeOf<T>(), flags);
    }

    /// <summary>The length of a block of elements that are their memory.</summary>
    /// <returns>False where the collection is null.</returns>
    internal bool TryReadBlockLength<T>(out int count)
    {
        count = ReadMemory<int>();
        if (count == PayloadFormat.NullCollection)
        {
            count = 0;
            return false;
        }

        if (count < 0 || (long)count * Unsafe.SizeOf<T>() > Remaining) PayloadErrors.Length(count);
        return true;
    }

    /// <summary>The next four bytes, which stay unread.</summary>
    internal readonly int PeekInt32()
    {
        if (Remaining < sizeof(int)) PayloadErrors.Truncated();
        return MemoryMarshal.Read<int>(_payload[_offset..]);
    }

    /// <summary>The next bytes, still in the payload.</summary>
    internal ReadOnlySpan<byte> TakeSpan(int bytes) => MemoryMarshal.CreateReadOnlySpan(ref Take(bytes), bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ToFlag(byte flag)
    {
        if (flag > 1) PayloadErrors.Flag(flag);
        return flag != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref byte Take(int bytes)
    {
        int offset = _offset;
        if (_payload.Length - offset < bytes) PayloadErrors.Truncated();
        _offset = offset + bytes;
        return ref Unsafe.Add(ref MemoryMarshal.GetReference(_payload), offset);
    }

    private string ReadUtf8(int bytes)
    {
        // The second length is what the first becomes as UTF-16: never more, and never less than a third. It may be missing.
        int length = ReadMemory<int>();
        if (bytes > Remaining) PayloadErrors.Length(bytes);
        if (length > bytes || (length > 0 && length < bytes / 3)) PayloadErrors.BadText();
        ReadOnlySpan<byte> utf8 = TakeSpan(bytes);
#if NET9_0_OR_GREATER
        // One pass instead of a measuring one before it; earlier runtimes take no span as state.
        if (length > 0)
        {
            return string.Create(length, utf8, static (text, utf8) =>
            {
                // As many bytes as characters: nothing but ASCII has that.
                if (utf8.Length == text.Length && text.Length <= ShortText.Longest && ShortText.TryWiden(utf8, text)) return;
                System.Buffers.OperationStatus status = System.Text.Unicode.Utf8.ToUtf16(
                    utf8, text, out int read, out int written, replaceInvalidSequences: false);
                if (status != System.Buffers.OperationStatus.Done || read != utf8.Length || written != text.Length) PayloadErrors.BadText();
            });
        }
#endif
        return ReadMeasured(utf8, length);
    }

    private static string ReadMeasured(ReadOnlySpan<byte> utf8, int length)
    {
        string? text = null;
        try
        {
            text = StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            PayloadErrors.BadText();
        }

        if (length > 0 && text.Length != length) PayloadErrors.BadText();
        return text;
    }
}
