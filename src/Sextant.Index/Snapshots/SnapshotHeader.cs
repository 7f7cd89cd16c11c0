using System.IO.Hashing;
using System.Runtime.InteropServices;
using Sextant.Index.Graphs;
using Sextant.Numerics;

namespace Sextant.Index.Snapshots;

/// <summary>The first page of a snapshot; docs/formats.md describes the layout.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal unsafe struct SnapshotHeader
{
    public const int Page = 4096;
    public const uint ItsMagic = 0x4E485853;
    public const int ItsVersion = 4;

    /// <summary>The version of a file with <see cref="VectorStorage.Packed"/>, whose lowest level has fewer links.</summary>
    public const int VersionWithPacked = 5;

    /// <summary>The version of a file without twins, which programs that know of none can read.</summary>
    public const int VersionWithoutTwins = 3;

    public const int Sections = 5;

    public uint Magic;
    public int Version;
    public int Dimensions;
    public int M;
    public int EfConstruction;
    public int EfSearch;
    public int Metric;
    public int Entry;
    public ulong Seed;
    public long Stamp;
    public int Count;
    public int UpperCount;
    public int Storage;
    public int VectorBytes;
    public fixed ulong Hashes[Sections];

    public readonly HnswOptions Options =>
        new()
        {
            M = M,
            EfConstruction = EfConstruction,
            EfSearch = EfSearch,
            Metric = (SimilarityMetric)Metric,
            Storage = (VectorStorage)Storage,
            Seed = Seed,
        };

    /// <summary>The bytes of the sections, each filled up to whole pages: records, links, upper links, rows, vectors.</summary>
    public readonly long[] SectionBytes(int rowBytes) =>
        [
            Whole((long)Count * sizeof(NodeRecord)),
            Whole((long)Count * (1 + Options.LowestLinks) * sizeof(int)),
            Whole((long)UpperCount * (1 + M) * sizeof(int)),
            Whole((long)Count * rowBytes),
            Whole((long)Count * VectorBytes),
        ];

    public static long Whole(long bytes) => (bytes + Page - 1) / Page * Page;

    /// <summary>The page, with the hash of what stands before it at its end.</summary>
    public readonly byte[] ToPage()
    {
        byte[] page = new byte[Page];
        MemoryMarshal.Write(page, in this);
        XxHash3.Hash(page.AsSpan(0, Page - sizeof(ulong)), page.AsSpan(Page - sizeof(ulong)));
        return page;
    }

    /// <exception cref="InvalidDataException">
    /// The page is not one that <see cref="ToPage"/> made, or holds numbers out of range.
    /// </exception>
    public static SnapshotHeader FromPage(ReadOnlySpan<byte> page)
    {
        SnapshotHeader header = MemoryMarshal.Read<SnapshotHeader>(page);
        if (header.Magic != ItsMagic)
            throw new InvalidDataException("it is not an index");
        if (!XxHash3.Hash(page[..^sizeof(ulong)]).AsSpan().SequenceEqual(page[^sizeof(ulong)..]))
            throw new InvalidDataException("the checksum of its header does not match");
        if (header.Version is < VersionWithoutTwins or > VersionWithPacked)
        {
            throw new InvalidDataException(
                $"it has version {header.Version}; this program reads {VersionWithoutTwins} to {VersionWithPacked}"
            );
        }

        if (
            header.Dimensions is < 1 or > HnswIndex.MaxDimensions
            || header.Count < 0
            || header.UpperCount < 0
            || header.Entry < -1
            || header.Entry >= header.Count
            || header.VectorBytes != header.Dimensions * sizeof(float)
        )
        {
            throw new InvalidDataException("its header contains numbers out of range");
        }
        try
        {
            header.Options.Check();
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidDataException("its header contains numbers out of range", e);
        }

        return header;
    }
}
