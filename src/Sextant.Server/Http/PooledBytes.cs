using System.Buffers;

namespace Sextant.Server.Http;

/// <summary>A buffer that grows, of arrays that are used again after it is disposed.</summary>
internal sealed class PooledBytes : IBufferWriter<byte>, IDisposable
{
    private const int FirstLength = 4096;

    private byte[] _array = ArrayPool<byte>.Shared.Rent(FirstLength);

    /// <summary>The number of bytes written.</summary>
    public int Count { get; private set; }

    public ReadOnlyMemory<byte> Written => _array.AsMemory(0, Count);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_array.Length - Count), nameof(count));
        Count += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(Count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsSpan(Count);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Count += bytes.Length;
    }

    public void Dispose()
    {
        byte[] array = Interlocked.Exchange(ref _array, []);
        Count = 0;
        if (array.Length > 0)
            ArrayPool<byte>.Shared.Return(array);
    }

    private void Reserve(int size)
    {
        size = Math.Max(size, 1);
        if (_array.Length - Count >= size)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Count + size), (int)Math.Min(Array.MaxLength, _array.Length * 2L)));
        _array.AsSpan(0, Count).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}
