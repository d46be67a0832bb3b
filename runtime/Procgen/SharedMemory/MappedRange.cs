namespace Procgen.Shared;

/// <summary>Addresses of this process that show a range of a block.</summary>
/// <param name="address">The first byte.</param>
/// <param name="length">How many bytes.</param>
/// <param name="owner">What keeps the view on systems where that is an object.</param>
internal readonly unsafe struct MappedRange(byte* address, long length, IDisposable? owner = null)
{
    public byte* Address => address;

    public long Length => length;

    public IDisposable? Owner => owner;
}
