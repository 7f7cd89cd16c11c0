using System.Runtime.CompilerServices;
using Sextant.Index.Graphs;
using Sextant.Index.Spaces;

namespace Sextant.Index.Traversal;

/// <summary>
/// Finds the nearest matching nodes of a filtered query. It traverses all nodes but keeps only matching ones, until the requested number of
/// them is nearer than every node in the queue. So the search expands as far as the filter requires near the query, which the overall
/// fraction of matches does not predict. It gives up early if that would take longer than comparing all matching nodes.
/// </summary>
internal sealed unsafe class FilteredWalk<TSpace>(GraphWalk<TSpace> walk)
    where TSpace : struct, IRowSpace
{
    /// <summary>The interval, in steps, at which the matches so far predict how many steps remain.</summary>
    private const int Look = 32;

    private readonly Graph _graph = walk.Graph;

    /// <summary>Fills the pool of <paramref name="state"/> with the <paramref name="ef"/> nearest matching nodes.</summary>
    /// <param name="query">A query.</param>
    /// <param name="start">The entry node.</param>
    /// <param name="passing">The matching nodes.</param>
    /// <param name="ef">The number of candidates to keep.</param>
    /// <param name="mostSteps">The maximum number of nodes to expand.</param>
    /// <param name="state">Receives the nodes.</param>
    /// <returns>Whether the search completed; otherwise its results are unusable.</returns>
    public bool Search(byte* query, int start, NodeSet passing, int ef, int mostSteps, WalkState state)
    {
        Span<ushort> seen = state.Forget(Volatile.Read(ref _graph.Count), out ushort now);
        CandidatePool pool = state.Pool;
        PriorityQueue<int, float> ahead = state.Ahead;
        pool.Reset(ef);
        ahead.Clear();
        seen[start] = now;
        Meet(walk.Distance(query, start), start);
        int steps = 0,
            passed = 0;
        fixed (int* fresh = state.Fresh)
        {
            while (ahead.TryDequeue(out int node, out float near) && !pool.Refuses(near))
            {
                if (++steps > mostSteps)
                    return false;
                if (passing.Contains(node))
                    passed++;
                // A few more than passed may have been bad luck.
                if (steps % Look == 0 && (double)ef * steps > (double)mostSteps * (passed + MathF.Sqrt(passed) + 1))
                    return false;
                int found = walk.Unseen(_graph.LinksOf(node, 0), seen, now, fresh);
                state.Distances += found;
                for (int i = 0; i < found; i++)
                {
                    if (i + walk.RowsAhead < found)
                        walk.PrefetchRow(fresh[i + walk.RowsAhead]);
                    float distance = walk.Distance(query, fresh[i]);
                    if (!pool.Refuses(distance))
                        Meet(distance, fresh[i]);
                }
            }
        }

        return true;

        void Meet(float distance, int node)
        {
            ahead.Enqueue(node, distance);
            if (passing.Contains(node) && _graph.IsSought(node))
                pool.Add(distance, node);
        }
    }

    /// <summary>
    /// Fills the pool of <paramref name="state"/>, which has its room already, by comparing all nodes that pass, or all there are.
    /// </summary>
    public void Scan(byte* query, NodeSet? passing, WalkState state)
    {
        CandidatePool pool = state.Pool;
        if (passing is null)
        {
            int count = Volatile.Read(ref _graph.Count);
            for (int node = 0; node < count; node++)
                Compare(node);
            return;
        }

        int[] members = state.Fresh;
        int at = 0;
        for (int found; (found = passing.Next(ref at, members)) > 0; )
        {
            for (int i = 0; i < found; i++)
            {
                if (i + walk.RowsAhead < found)
                    walk.PrefetchRow(members[i + walk.RowsAhead]);
                Compare(members[i]);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Compare(int node)
        {
            float distance = walk.Distance(query, node);
            if (!pool.Refuses(distance) && _graph.IsSought(node))
                pool.Add(distance, node);
        }
    }
}
