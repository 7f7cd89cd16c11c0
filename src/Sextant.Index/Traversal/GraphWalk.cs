using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Sextant.Index.Graphs;
using Sextant.Index.Spaces;

namespace Sextant.Index.Traversal;

/// <summary>Finds the nodes nearest to a row by following links (Malkov and Yashunin, arXiv:1603.09320, algorithms 2 and 5).</summary>
internal sealed unsafe class GraphWalk<TSpace>(Graph graph, TSpace space)
    where TSpace : struct, IRowSpace
{
    private const int CacheLine = 64;

    /// <summary>The number of cache lines of a code to prefetch; the hardware prefetcher loads the rest.</summary>
    private readonly int _linesAhead = Math.Min((space.RowBytes + CacheLine - 1) / CacheLine, 8);

    public Graph Graph => graph;

    public TSpace Space => space;

    /// <summary>How many rows are asked for ahead of the one that is compared.</summary>
    public int RowsAhead { get; } = Math.Clamp(48 * CacheLine / space.RowBytes, 4, 20);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Distance(byte* query, int node) => space.Distance(query, graph.Rows[node]);

    /// <summary>How far apart two nodes are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Between(int a, int b) => space.Between(graph.Rows[a], graph.Rows[b]);

    /// <summary>
    /// Moves greedily to the neighbor nearest to the query until no neighbor is nearer, on each level from <paramref name="from"/> down to
    /// <paramref name="to"/>.
    /// </summary>
    public int Descend(byte* query, int start, int from, int to)
    {
        int best = start,
            count = Volatile.Read(ref graph.Count);
        float distance = Distance(query, best);
        for (int level = from; level >= to; level--)
        {
            for (bool moved = true; moved; )
            {
                moved = false;
                int* links = graph.LinksOf(best, level);
                int degree = links[0];
                for (int i = 1; i <= Math.Min(degree, RowsAhead); i++)
                    PrefetchIfThere(links[i]);
                for (int i = 1; i <= degree; i++)
                {
                    if (i + RowsAhead <= degree)
                        PrefetchIfThere(links[i + RowsAhead]);
                    int node = links[i];
                    if ((uint)node >= (uint)count)
                        continue;
                    float other = Distance(query, node);
                    if (other >= distance)
                        continue;
                    (best, distance, moved) = (node, other, true);
                }
            }
        }

        return best;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void PrefetchIfThere(int node)
        {
            if ((uint)node < (uint)count)
                PrefetchRow(node);
        }
    }

    /// <summary>
    /// Fills the pool of <paramref name="state"/> with the <paramref name="ef"/> nodes nearest to the query that it meets.
    /// </summary>
    /// <param name="query">A query.</param>
    /// <param name="start">The entry node.</param>
    /// <param name="level">On which level.</param>
    /// <param name="ef">How many candidates are kept.</param>
    /// <param name="state">Where they go.</param>
    /// <param name="self">A node that must not find itself; -1 for none.</param>
    public void Search(byte* query, int start, int level, int ef, WalkState state, int self = -1)
    {
        Span<ushort> seen = state.Forget(Volatile.Read(ref graph.Count), out ushort now);
        CandidatePool pool = state.Pool;
        pool.Reset(ef);
        if (self >= 0 && self < seen.Length)
            seen[self] = now;
        seen[start] = now;
        pool.Add(Distance(query, start), start);
        long compared = 1;
        fixed (int* fresh = state.Fresh)
        {
            for (int node; (node = pool.TakeNext()) >= 0; )
            {
                int found = Unseen(graph.LinksOf(node, level), seen, now, fresh);
                compared += found;
                // The links of the node that will be next arrive while the rows of this one are compared.
                int next = pool.PeekNext();
                if (next >= 0)
                    PrefetchLinks(next, level);
                for (int i = 0; i < found; i++)
                {
                    if (i + RowsAhead < found)
                        PrefetchRow(fresh[i + RowsAhead]);
                    float distance = Distance(query, fresh[i]);
                    if (!pool.Refuses(distance) && pool.Add(distance, fresh[i]))
                        PrefetchLinks(fresh[i], level);
                }
            }
        }

        state.Distances += compared;
    }

    /// <summary>The linked nodes not met before, which from now on they are; the first rows are asked for.</summary>
    public int Unseen(int* links, Span<ushort> seen, ushort now, int* fresh)
    {
        int found = 0,
            degree = Math.Min(links[0], 512);
        for (int i = 1; i <= degree; i++)
        {
            int node = links[i];
            if ((uint)node >= (uint)seen.Length)
                continue;
            // Half of them were met before, which no processor foresees: so nothing here depends on it but where the next one is written.
            fresh[found] = node;
            found += seen[node] != now ? 1 : 0;
            seen[node] = now;
        }

        for (int i = 0; i < Math.Min(found, RowsAhead); i++)
            PrefetchRow(fresh[i]);
        return found;
    }

    /// <summary>Prefetches the code of a node before it is compared.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchRow(int node) => Prefetch(graph.Rows[node], _linesAhead);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PrefetchLinks(int node, int level) => Prefetch(graph.LinksOf(node, level), 5);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(void* address, int lines)
    {
        if (!Sse.IsSupported)
            return;
        for (int i = 0; i < lines; i++)
            Sse.Prefetch0((byte*)address + i * CacheLine);
    }
}
