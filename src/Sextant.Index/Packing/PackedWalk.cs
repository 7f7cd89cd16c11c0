using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sextant.Index.Graphs;
using Sextant.Index.Spaces;
using Sextant.Index.Traversal;
using Sextant.Numerics;

namespace Sextant.Index.Packing;

/// <summary>
/// Finds the nodes nearest to a query on level 0 by estimates: a visited node is compared by its row, its neighbors by their codes beside
/// it. So a step touches two places in memory, where <see cref="GraphWalk{TSpace}"/> touches one for each neighbor.
/// </summary>
internal sealed unsafe class PackedWalk(GraphWalk<Int8Space> walk, LinkBatches batches, LinkPacker packer)
{
    private const int Batch = FastScanKernels.Batch;
    private const int CacheLine = 64;

    private readonly Graph _graph = walk.Graph;
    private readonly int _length = batches.Length;

    /// <summary>
    /// Fills the pool of <paramref name="state"/> with the nodes that it visits, the nearest <paramref name="ef"/> of them.
    /// </summary>
    public void Search(byte* query, int start, int ef, WalkState state)
    {
        byte* table = state.Table(FastScanKernels.Bytes(_length));
        int total = FastScanKernels.MakeTable((sbyte*)query, _length, table);
        // The table has half the values of the query, and the inner product with signs is twice the sum less the total.
        float scale = *(float*)(query + _length),
            slope = 4 * scale,
            offset = -2 * scale * total;
        Span<ushort> seen = state.Forget(Volatile.Read(ref _graph.Count), out ushort now);
        CandidatePool ahead = state.Estimated,
            found = state.Pool;
        ahead.Reset(ef);
        found.Reset(ef);
        seen[start] = now;
        ahead.Add(walk.Distance(query, start), start);
        int* sums = stackalloc int[Batch];
        float* estimates = stackalloc float[Batch];
        for (int node; (node = ahead.TakeNext()) >= 0; )
        {
            // The rows and records of the next two arrive while this one is compared.
            Prefetch(ahead.Peek(0));
            Prefetch(ahead.Peek(1));
            byte* record = batches[node];
            if (!LinkBatches.IsCurrent(record))
                packer.Pack(node);
            float near = walk.Distance(query, node);
            found.Add(near, node);
            state.Distances++;
            for (int i = 0; i < batches.Count; i++)
            {
                byte* batch = batches.BatchOf(record, i);
                FastScanKernels.Sum(table, LinkBatches.Codes(batch), _length, sums);
                uint nearer = Estimate(batch, sums, near, slope, offset, ahead.Worst, estimates);
                for (; nearer != 0; nearer &= nearer - 1)
                {
                    int place = BitOperations.TrailingZeroCount(nearer),
                        other = LinkBatches.NodeAt(batch, place);
                    if ((uint)other >= (uint)seen.Length || seen[other] == now)
                        continue;
                    seen[other] = now;
                    if (ahead.Add(estimates[place], other))
                        Prefetch(other);
                }
            }
        }
    }

    /// <summary>Estimates all distances of a batch.</summary>
    /// <returns>A bit for each that is below <paramref name="worst"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Estimate(byte* batch, int* sums, float near, float slope, float offset, float worst, float* estimates)
    {
        uint nearer = 0;
        for (int i = 0; i < Batch; i += Vector256<float>.Count)
        {
            Vector256<float> signs = (Vector256.ConvertToSingle(Vector256.Load(sums + i)) * slope) + Vector256.Create(offset),
                distance = Vector256.Create(near) + Vector256.Load(LinkBatches.Constants(batch) + i);
            distance -= Vector256.Load(LinkBatches.Factors(batch) + i) * signs;
            distance.Store(estimates + i);
            nearer |= Vector256.LessThan(distance, Vector256.Create(worst)).ExtractMostSignificantBits() << i;
        }

        return nearer;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Prefetch(int node)
    {
        if (node < 0 || !Sse.IsSupported)
            return;
        walk.PrefetchRow(node);
        byte* record = batches[node];
        for (int at = 0; at < batches.RecordBytes; at += CacheLine)
            Sse.Prefetch0(record + at);
    }
}
