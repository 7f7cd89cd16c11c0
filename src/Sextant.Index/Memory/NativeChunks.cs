using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Sextant.Index.Memory;

/// <summary>
/// Fixed-size records, addressed by number, in memory that never moves, so that readers need no lock while it grows. The first chunks may
/// have another owner: a memory-mapped file.
/// </summary>
internal sealed unsafe class NativeChunks(int recordBytes)
{
    private const int Shift = 10;
    private const int Mask = ChunkRecords - 1;
    private const int FewChunks = 4;
    private const long SmallestLaterSlab = 4L << 20;
    private const long LargestSlab = 64L << 20;

    /// <summary>Keeps alive what the pointers point to.</summary>
    private readonly List<NativeSlab> _owned = [];

    private byte*[] _chunks = [];
    private int _chunkCount;

    /// <summary>The part of the last slab that is assigned to chunks.</summary>
    private long _used;

    /// <summary>The records of a chunk.</summary>
    public const int ChunkRecords = 1 << Shift;

    public byte* this[int record]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _chunks[record >> Shift] + (long)(record & Mask) * recordBytes;
    }

    /// <summary>Prefetches a short record before it is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int record)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(this[record]);
    }

    /// <summary>Makes room for at least this many records; new ones are all zeros. Not for two threads at once.</summary>
    public void Reserve(int records)
    {
        while ((long)_chunkCount << Shift < records)
        {
            long bytes = (long)ChunkRecords * recordBytes;
            if (_owned.Count == 0 || _owned[^1].Bytes - _used < bytes)
            {
                // Grows by half, so that there are few slabs; untouched pages take no memory.
                long wanted = Math.Max(_chunkCount / 2, (records >> Shift) + 1 - _chunkCount) * bytes;
                if (_chunkCount >= FewChunks)
                    wanted = Math.Max(wanted, SmallestLaterSlab);
                _owned.Add(new(Math.Max(bytes, Math.Min(wanted, LargestSlab) / bytes * bytes)));
                _used = 0;
            }

            byte* chunk = _owned[^1].Start + _used;
            new Span<byte>(chunk, checked((int)bytes)).Clear();
            _used += bytes;
            Append(chunk);
        }
    }

    /// <summary>How many chunks so many records take.</summary>
    private static int ChunksOf(int records) => (records + Mask) >> Shift;

    /// <summary>The bytes of one chunk, as far as <paramref name="records"/> reach into it.</summary>
    private Span<byte> Chunk(int chunk, int records) =>
        new(_chunks[chunk], checked(Math.Min(ChunkRecords, records - (chunk << Shift)) * recordBytes));

    /// <summary>Takes <paramref name="records"/> records at <paramref name="start"/> as the first ones; only into an empty one.</summary>
    public void Borrow(byte* start, int records)
    {
        long chunkBytes = (long)ChunkRecords * recordBytes;
        for (int chunk = 0; chunk < records >> Shift; chunk++)
            Append(start + chunk * chunkBytes);
        // The rest shares its chunk with records to come, which the file has no room for.
        int rest = records & Mask;
        if (rest == 0)
            return;
        Reserve(records);
        Buffer.MemoryCopy(start + (records >> Shift) * chunkBytes, this[records - rest], chunkBytes, (long)rest * recordBytes);
    }

    /// <summary>Fills the first records from a section of a snapshot; only into an empty one.</summary>
    /// <param name="section">Where they are.</param>
    /// <param name="records">How many there are.</param>
    /// <param name="bytes">The bytes of the section, with what fills it up behind them.</param>
    /// <returns>The hash of the section.</returns>
    /// <exception cref="EndOfStreamException">The stream has less.</exception>
    public ulong ReadFrom(Stream section, int records, long bytes)
    {
        XxHash3 hash = new();
        Reserve(records);
        for (int chunk = 0; chunk < ChunksOf(records); chunk++)
            Read(Chunk(chunk, records));
        Read(new byte[bytes - ((long)records * recordBytes)]);
        return hash.GetCurrentHashAsUInt64();

        void Read(Span<byte> piece)
        {
            section.ReadExactly(piece);
            hash.Append(piece);
        }
    }

    /// <summary>Writes the first records one after the other.</summary>
    public void CopyTo(Stream stream, int records)
    {
        for (int chunk = 0; chunk < ChunksOf(records); chunk++)
            stream.Write(Chunk(chunk, records));
    }

    // A reader that knows of a record sees the table that reaches it: the table is written before the count that the reader took.
    private void Append(byte* chunk)
    {
        byte*[] chunks = _chunks;
        if (_chunkCount == chunks.Length)
        {
            chunks = new byte*[Math.Max(4, 2 * _chunkCount)];
            for (int i = 0; i < _chunkCount; i++)
                chunks[i] = _chunks[i];
        }

        chunks[_chunkCount++] = chunk;
        Volatile.Write(ref Unsafe.As<byte*[], object>(ref _chunks), chunks);
    }
}
