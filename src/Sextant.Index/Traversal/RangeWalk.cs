using Sextant.Index.Graphs;
using Sextant.Index.Spaces;

namespace Sextant.Index.Traversal;

/// <summary>Finds all nodes within a distance: spreads from the nearest ones over links for as long as it meets nodes within it.</summary>
internal sealed unsafe class RangeWalk<TSpace>(GraphWalk<TSpace> walk)
    where TSpace : struct, IRowSpace
{
    private readonly Graph _graph = walk.Graph;

    /// <summary>
    /// Collects in <see cref="WalkState.Within"/> all nodes that may be within the distance, from those in the pool of
    /// <paramref name="state"/>. Even nodes of the pool that are further away are passed through.
    /// </summary>
    /// <param name="query">A query.</param>
    /// <param name="limit">The distance.</param>
    /// <param name="state">Has the nearest nodes in its pool, and receives all.</param>
    public void Spread(byte* query, float limit, WalkState state)
    {
        Span<ushort> seen = state.Forget(Volatile.Read(ref _graph.Count), out ushort now);
        List<int> within = state.Within;
        within.Clear();
        Stack<int> open = new();
        for (int i = 0; i < state.Pool.Count; i++)
        {
            int node = state.Pool.NodeAt(i);
            if ((uint)node >= (uint)seen.Length)
                continue;
            seen[node] = now;
            open.Push(node);
            if (IsWithin(node))
                within.Add(node);
        }

        fixed (int* fresh = state.Fresh)
        {
            while (open.TryPop(out int node))
            {
                int found = walk.Unseen(_graph.LinksOf(node, 0), seen, now, fresh);
                state.Distances += found;
                for (int i = 0; i < found; i++)
                {
                    if (i + walk.RowsAhead < found)
                        walk.PrefetchRow(fresh[i + walk.RowsAhead]);
                    if (!IsWithin(fresh[i]))
                        continue;
                    within.Add(fresh[i]);
                    open.Push(fresh[i]);
                }
            }
        }

        // A code says only about how far a node is.
        bool IsWithin(int node) => walk.Distance(query, node) - walk.Space.Doubt(query, _graph.Rows[node]) <= limit;
    }
}
