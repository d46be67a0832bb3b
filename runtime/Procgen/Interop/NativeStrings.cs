using System.Runtime.InteropServices;
using System.Text;

namespace Procgen.Interop;

/// <summary>A null-terminated array of null-terminated UTF-8 strings in one block, as <c>argv</c> and <c>envp</c> are.</summary>
internal readonly unsafe struct NativeStrings : IDisposable
{
    private readonly byte** _block;

    public NativeStrings(IReadOnlyList<string> strings)
    {
        int table = (strings.Count + 1) * sizeof(byte*);
        int text = 0;
        for (int i = 0; i < strings.Count; i++) text += Encoding.UTF8.GetByteCount(strings[i]) + 1;

        _block = (byte**)NativeMemory.Alloc((nuint)(table + text));
        var free = new Span<byte>((byte*)_block + table, text);
        for (int i = 0; i < strings.Count; i++)
        {
            _block[i] = (byte*)_block + table + text - free.Length;
            int count = Encoding.UTF8.GetBytes(strings[i], free);
            free[count] = 0;
            free = free[(count + 1)..];
        }

        _block[strings.Count] = null;
    }

    public byte** Pointer => _block;

    public void Dispose() => NativeMemory.Free(_block);
}
