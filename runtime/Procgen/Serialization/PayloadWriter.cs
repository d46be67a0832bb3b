using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Procgen.Interop;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Writes MemoryPack's binary format straight into a buffer writer. A ref struct: one value, one thread.</summary>
/// <remarks>Bytes reach the buffer writer when a buffer is full and on <see cref="Flush"/>, which is called once at the end.</remarks>
public ref partial struct PayloadWriter
{
    // Strings up to this length are transcoded into three times as many bytes of buffer. Longer ones get a byte a character,
    // which is what ASCII takes; only what comes after that is measured.
    private const int RoomyTextLength = 16 * 1024;

    private readonly IBufferWriter<byte> _output;
    private ref byte _start;
    private int _length;
    private int _used;
    private int _depth;

    // Objects that others may refer to: PayloadWriter.References.cs.
    private ReferenceTable? _references;

    /// <param name="output">Where the bytes go.</param>
    /// <param name="scope">What keeps the things behind written handles open; null when nobody waits for a reader.</param>
    internal PayloadWriter(IBufferWriter<byte> output, HandleScope? scope = null)
    {
        _output = output;
        Scope = scope;
    }

    /// <param name="output">Where the bytes go.</param>
    /// <param name="scope">As above.</param>
    /// <param name="first">What <paramref name="output"/> would give for the first bytes.</param>
    internal PayloadWriter(IBufferWriter<byte> output, HandleScope? scope, Span<byte> first)
        : this(output, scope)
    {
        _start = ref MemoryMarshal.GetReference(first);
        _length = first.Length;
    }

    /// <summary>Where a handle that writes itself leaves a <see cref="HandleLease"/>.</summary>
    internal readonly HandleScope? Scope { get; }

    /// <summary>Writes the memory of a value that contains no references.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUnmanaged<T>(T value)
        where T : unmanaged => WriteMemory(value);

    /// <summary>Writes an optional value that contains no references: a flag, padding, and the value, all zero where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteNullable<T>(T? value)
        where T : unmanaged
    {
        // By parts, so that padding is zero whatever the caller's stack held there.
        ref byte slot = ref ReserveZeroed(Unsafe.SizeOf<T?>());
        if (!value.HasValue) return;
        slot = 1;
        MemoryImage.Set(ref Unsafe.Add(ref slot, Unsafe.SizeOf<T?>() - Unsafe.SizeOf<T>()), value.GetValueOrDefault());
    }

    /// <summary>Counts the memory of a value as written, and returns it, all zero, for its fields to be set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Reserve<T>()
        where T : unmanaged => ref Unsafe.As<byte, T>(ref ReserveZeroed(Unsafe.SizeOf<T>()));

    /// <summary>Writes the memory of values that contain no references, in one copy and without a length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteUnmanagedSpan<T>(scoped ReadOnlySpan<T> values)
        where T : unmanaged => WriteMemorySpan(values);

    /// <summary>Writes a string as UTF-8 with both lengths; null and the empty string have forms of their own.</summary>
    /// <exception cref="ProcessSerializationException">The string holds a lone surrogate.</exception>
    public void WriteString(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            WriteMemory(value is null ? PayloadFormat.NullCollection : 0);
            return;
        }

        int most = value.Length <= RoomyTextLength ? value.Length * 3 : value.Length;
        if (_length - _used - 8 < most) Grow(most + 8L);
        ref byte start = ref Unsafe.Add(ref _start, _used + 8);
        int bytes = value.Length;
        if (bytes > ShortText.Longest || !ShortText.TryNarrow(value, ref start))
        {
            OperationStatus status = Utf8.FromUtf16(value, MemoryMarshal.CreateSpan(ref start, most), out int read, out bytes, replaceInvalidSequences: false);
            if (status != OperationStatus.Done) bytes = WriteMoreText(value, status, read, bytes);
        }

        ref byte header = ref Unsafe.Add(ref _start, _used);
        Unsafe.WriteUnaligned(ref header, ~bytes);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref header, 4), value.Length);
        _used += 8 + bytes;
    }

    /// <summary>A key and its value, at least 1 character and without references.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteEntry<T>(string key, T value)
    {
        int length = key.Length;
        if ((uint)(length - 1) < ShortText.Longest && _length - _used - 8 - Unsafe.SizeOf<T>() >= length)
        {
            ref byte header = ref Unsafe.Add(ref _start, _used);
            if (ShortText.TryNarrow(key, ref Unsafe.Add(ref header, 8)))
            {
                Unsafe.WriteUnaligned(ref header, ~length);
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref header, 4), length);
                MemoryImage.Set(ref Unsafe.Add(ref header, 8 + length), value);
                _used += 8 + length + Unsafe.SizeOf<T>();
                return;
            }
        }

        WriteString(key);
        WriteMemory(value);
    }

    /// <summary>The rest of a string for which there was not the room.</summary>
    /// <param name="value">The string.</param>
    /// <param name="status">Why its transcoding ended.</param>
    /// <param name="read">How many of its characters are there already.</param>
    /// <param name="written">As how many bytes.</param>
    /// <returns>How many bytes there are then.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int WriteMoreText(string value, OperationStatus status, int read, int written)
    {
        if (status != OperationStatus.DestinationTooSmall) PayloadErrors.LoneSurrogate();
        ReadOnlySpan<char> text = value.AsSpan(read);
        long most = (long)written + Encoding.UTF8.GetByteCount(text);
        if (_length - _used - 8 < most)
        {
            // Another buffer, perhaps: what is there has not been counted as written.
            Grow(most + 8);
            text = value;
            written = 0;
        }

        Span<byte> rest = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref _start, _used + 8 + written), (int)most - written);
        if (Utf8.FromUtf16(text, rest, out _, out int more, replaceInvalidSequences: false) != OperationStatus.Done) PayloadErrors.LoneSurrogate();
        return written + more;
    }

    /// <summary>Writes a handle: a queue, a lock, a call.</summary>
    public void WriteHandle<T>(T? value)
        where T : class, IProcessHandle<T>
    {
        WriteMemory(value is not null);
        value?.WriteHandle(ref this);
    }

    /// <summary>Begins an object that is there: its member count. <see cref="EndObject"/> follows its last member.</summary>
    /// <exception cref="ProcessSerializationException">Objects are nested too deep.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BeginObject(byte members)
    {
        Deepen();
        WriteMemory(members);
    }

    /// <summary>Ends what <see cref="BeginObject"/> or <see cref="Deepen"/> began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndObject() => _depth--;

    /// <summary>Begins something that may hold itself. <see cref="EndObject"/> follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Deepen()
    {
        if (Nesting.IsLookedAt(++_depth)) Nesting.Check(_depth);
    }

    /// <summary>Writes an object that is null.</summary>
    public void WriteNullObject() => WriteMemory(PayloadFormat.Null);

    /// <summary>Writes a collection that is null.</summary>
    public void WriteNullCollection() => WriteMemory(PayloadFormat.NullCollection);

    /// <summary>Writes which type of a union follows.</summary>
    public void WriteUnionTag(ushort tag)
    {
        if (tag < PayloadFormat.Wide)
        {
            WriteMemory((byte)tag);
            return;
        }

        WriteMemory(PayloadFormat.Wide);
        WriteMemory(tag);
    }

    /// <summary>Writes bytes as they are, without a length.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> bytes) => WriteMemorySpan(bytes);

    /// <summary>
    /// Where another serializer of the same format appends a whole value before anything else is written here.
    /// </summary>
    public IBufferWriter<byte> Foreign()
    {
        Flush();
        return _output;
    }

    /// <summary>How many bytes have been written and not handed to the buffer writer.</summary>
    internal readonly int Pending => _used;

    /// <summary>A value is complete; one that can be read without it follows.</summary>
    internal void NextValue() => _references = null;

    /// <summary>Hands everything written so far to the buffer writer.</summary>
    public void Flush()
    {
        if (_used > 0) _output.Advance(_used);
        _start = ref Unsafe.NullRef<byte>();
        _length = 0;
        _used = 0;
    }

    /// <summary><see cref="WriteUnmanaged{T}"/> for generic code that has made sure of <typeparamref name="T"/> itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void WriteMemory<T>(T value)
    {
        Debug.Assert(!RuntimeHelpers.IsReferenceOrContainsReferences<T>(), "Only values without references are their memory.");
        if (_length - _used < Unsafe.SizeOf<T>()) Grow(Unsafe.SizeOf<T>());
        MemoryImage.Set(ref Unsafe.Add(ref _start, _used), value);
        _used += Unsafe.SizeOf<T>();
    }

    /// <summary>What <see cref="PayloadReader.ReadGuid"/> reads.</summary>
    internal void WriteGuid(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes);
        WriteBytes(bytes);
    }

    /// <summary><see cref="WriteUnmanagedSpan{T}"/> for generic code that has made sure of <typeparamref name="T"/> itself.</summary>
    internal void WriteMemorySpan<T>(scoped ReadOnlySpan<T> values)
    {
        Debug.Assert(!RuntimeHelpers.IsReferenceOrContainsReferences<T>(), "Only values without references are their memory.");
        long bytes = (long)values.Length * Unsafe.SizeOf<T>();
        if (_length - _used < bytes) Grow(bytes);
        ref byte source = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(values));
        LargeCopies.Copy(MemoryMarshal.CreateReadOnlySpan(ref source, (int)bytes), MemoryMarshal.CreateSpan(ref Unsafe.Add(ref _start, _used), (int)bytes));
        _used += (int)bytes;
    }

    /// <summary>A collection of elements that are their memory: how many, and one copy.</summary>
    internal void WriteBlock<T>(scoped ReadOnlySpan<T> items)
    {
        // Room for both at once: for short arrays every check counts beside the copy.
        if (_length - _used - sizeof(int) < (long)items.Length * Unsafe.SizeOf<T>()) Grow(sizeof(int) + ((long)items.Length * Unsafe.SizeOf<T>()));
        WriteMemory(items.Length);
        WriteMemorySpan(items);
    }

    /// <summary>Room for that many bytes, all zero and counted as written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref byte ReserveZeroed(int bytes)
    {
        if (_length - _used < bytes) Grow(bytes);
        ref byte slot = ref Unsafe.Add(ref _start, _used);
        Unsafe.InitBlockUnaligned(ref slot, 0, (uint)bytes);
        _used += bytes;
        return ref slot;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(long needed)
    {
        if (needed > Array.MaxLength) PayloadErrors.TooLong(needed);
        if (_used > 0) _output.Advance(_used);
        Span<byte> span = _output.GetSpan((int)needed);
        _start = ref MemoryMarshal.GetReference(span);
        _length = span.Length;
        _used = 0;
    }
}
