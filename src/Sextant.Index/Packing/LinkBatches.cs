using System.Runtime.CompilerServices;
using Sextant.Index.Memory;
using Sextant.Numerics;

namespace Sextant.Index.Packing;

/// <summary>
/// For each node a batch of neighbors, with what a search needs to estimate the distance of each from the query without reading its row
/// (SymphonyQG, arXiv:2411.12229).
/// </summary>
/// <remarks>
/// A record has per batch the nodes, the constants, the factors (4 bytes each) and the codes. It is all zeros at first, so a node n
/// is n + 1 there, and 0 in the first place says that the record is out of date. For a neighbor x of node c, the code is the signs s
/// of r = x − c (RaBitQ, arXiv:2405.12497). With f = |r|² / Σ|r|, the estimate of ⟨r, y⟩ is f·⟨s, y⟩, which gives the distance of x
/// from that of c.
/// </remarks>
internal sealed unsafe class LinkBatches
{
    private const int Batch = FastScanKernels.Batch;
    private const int NumbersBytes = 3 * Batch * sizeof(int);

    private readonly int _batchBytes;
    private readonly NativeChunks _records;

    /// <param name="length">The number of values of a row.</param>
    /// <param name="links">The most links of a node; filled up to whole batches.</param>
    public LinkBatches(int length, int links)
    {
        Length = length;
        Count = (links + Batch - 1) / Batch;
        _batchBytes = NumbersBytes + FastScanKernels.Bytes(length);
        RecordBytes = Count * _batchBytes;
        _records = new(RecordBytes);
    }

    /// <summary>The number of values of a row.</summary>
    public int Length { get; }

    /// <summary>The batches of a node.</summary>
    public int Count { get; }

    /// <summary>The bytes of a node's record.</summary>
    public int RecordBytes { get; }

    public byte* this[int node]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _records[node];
    }

    /// <summary>Makes room for so many nodes; not for two threads at once.</summary>
    public void Reserve(int nodes) => _records.Reserve(nodes);

    /// <summary>Whether the record agrees with the links of its node.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsCurrent(byte* record) => Volatile.Read(ref *(int*)record) != 0;

    /// <summary>Makes the record out of date.</summary>
    public static void Forget(byte* record) => Volatile.Write(ref *(int*)record, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* BatchOf(byte* record, int batch) => record + ((long)batch * _batchBytes);

    /// <summary>The neighbor at a place; negative for an empty place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int NodeAt(byte* batch, int place) => ((int*)batch)[place] - 1;

    /// <summary>Writes a neighbor, or −1 for none. The first place of a record is written last.</summary>
    public static void SetNode(byte* batch, int place, int node) => Volatile.Write(ref ((int*)batch)[place], node < 0 ? -1 : node + 1);

    /// <summary>What is added to the distance of the node, for each neighbor.</summary>
    public static float* Constants(byte* batch) => (float*)batch + Batch;

    /// <summary>What the inner product of the signs and the query is multiplied by, for each neighbor.</summary>
    public static float* Factors(byte* batch) => (float*)batch + (2 * Batch);

    /// <summary>The codes as <see cref="FastScanKernels"/> reads them.</summary>
    public static byte* Codes(byte* batch) => batch + NumbersBytes;
}
