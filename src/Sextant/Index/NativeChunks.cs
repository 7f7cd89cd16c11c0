using System.Runtime.CompilerServices;

namespace Sextant.Index;

/// <summary>
/// Records of one size in memory that never moves, reached by number, so that readers need no lock while it grows. The first chunks may
/// belong to somebody else: a file mapped into memory.
/// </summary>
internal sealed unsafe class NativeChunks(int recordBytes)
{
    private const int Shift = 10;
    private const int Mask = ChunkRecords - 1;
    private const int CacheLine = 64;

    /// <summary>Keeps alive what the pointers point to.</summary>
    private readonly List<byte[]> _owned = [];

    private byte*[] _chunks = [];
    private int _chunkCount;

    /// <summary>The records of a chunk.</summary>
    public const int ChunkRecords = 1 << Shift;

    public byte* this[int record]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _chunks[record >> Shift] + (long)(record & Mask) * recordBytes;
    }

    /// <summary>Makes room for at least this many records; new ones are all zeros. Not for two threads at once.</summary>
    public void Reserve(int records)
    {
        while ((long)_chunkCount << Shift < records)
        {
            byte[] memory = GC.AllocateArray<byte>(checked(ChunkRecords * recordBytes + CacheLine), pinned: true);
            _owned.Add(memory);
            nuint start = (nuint)Unsafe.AsPointer(ref memory[0]);
            Append((byte*)((start + CacheLine - 1) / CacheLine * CacheLine));
        }
    }

    /// <summary>Takes <paramref name="records"/> records at <paramref name="start"/> as the first ones; only into an empty one.</summary>
    public void Borrow(byte* start, int records)
    {
        long chunkBytes = (long)ChunkRecords * recordBytes;
        for (int chunk = 0; chunk < records >> Shift; chunk++) Append(start + chunk * chunkBytes);
        // The rest shares its chunk with records to come, which the file has no room for.
        int rest = records & Mask;
        if (rest == 0) return;
        Reserve(records);
        Buffer.MemoryCopy(start + (records >> Shift) * chunkBytes, this[records - rest], chunkBytes, (long)rest * recordBytes);
    }

    /// <summary>Writes the first records one after the other.</summary>
    public void CopyTo(Stream stream, int records)
    {
        const int Piece = 1 << 24;
        for (int first = 0; first < records; first += ChunkRecords)
        {
            long bytes = (long)Math.Min(ChunkRecords, records - first) * recordBytes;
            for (long done = 0; done < bytes; done += Piece)
                stream.Write(new ReadOnlySpan<byte>(this[first] + done, (int)Math.Min(Piece, bytes - done)));
        }
    }

    // A reader that knows of a record sees the table that reaches it: the table is written before the count that the reader took.
    private void Append(byte* chunk)
    {
        byte*[] chunks = _chunks;
        if (_chunkCount == chunks.Length)
        {
            chunks = new byte*[Math.Max(4, 2 * _chunkCount)];
            for (int i = 0; i < _chunkCount; i++) chunks[i] = _chunks[i];
        }

        chunks[_chunkCount++] = chunk;
        Volatile.Write(ref Unsafe.As<byte*[], object>(ref _chunks), chunks);
    }
}
