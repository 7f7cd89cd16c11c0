using System.Runtime.CompilerServices;
using Sextant.Index.Spaces;

namespace Sextant.Index;

/// <summary>
/// Finds the nodes nearest to a query among those that a filter lets through. It steps through all nodes but keeps only those that pass, and
/// goes on until as many as were asked for are nearer than whatever is still ahead: so it goes as far as the filter makes necessary where the
/// query is, which the share that passes in all does not tell. Where that would take longer than comparing all that pass, it gives up early.
/// </summary>
internal sealed unsafe class FilteredWalk<TSpace>(GraphWalk<TSpace> walk)
    where TSpace : struct, IRowSpace
{
    /// <summary>After so many steps, and again after as many more, what passed tells how many are still to come.</summary>
    private const int Look = 32;

    private readonly Graph _graph = walk.Graph;

    /// <summary>Fills the pool of <paramref name="state"/> with the <paramref name="ef"/> nearest nodes that pass.</summary>
    /// <param name="query">A query.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="passing">The nodes that pass.</param>
    /// <param name="ef">How many candidates are kept.</param>
    /// <param name="mostSteps">From how many nodes it may look around.</param>
    /// <param name="state">Where the nodes go.</param>
    /// <returns>Whether it came to an end; else what was found is not worth having.</returns>
    public bool Search(byte* query, int start, NodeSet passing, int ef, int mostSteps, WalkState state)
    {
        Span<ushort> seen = state.Forget(Volatile.Read(ref _graph.Count), out ushort now);
        CandidatePool pool = state.Pool;
        PriorityQueue<int, float> ahead = state.Ahead;
        pool.Reset(ef);
        ahead.Clear();
        seen[start] = now;
        Meet(walk.Distance(query, start), start);
        int steps = 0, passed = 0;
        fixed (int* fresh = state.Fresh)
        {
            while (ahead.TryDequeue(out int node, out float near) && !pool.Refuses(near))
            {
                if (++steps > mostSteps) return false;
                if (passing.Contains(node)) passed++;
                // A few more than passed may have been bad luck.
                if (steps % Look == 0 && (double)ef * steps > (double)mostSteps * (passed + MathF.Sqrt(passed) + 1)) return false;
                int found = walk.Unseen(_graph.LinksOf(node, 0), seen, now, fresh);
                state.Distances += found;
                for (int i = 0; i < found; i++)
                {
                    if (i + walk.RowsAhead < found) walk.PrefetchRow(fresh[i + walk.RowsAhead]);
                    float distance = walk.Distance(query, fresh[i]);
                    if (!pool.Refuses(distance)) Meet(distance, fresh[i]);
                }
            }
        }

        return true;

        void Meet(float distance, int node)
        {
            ahead.Enqueue(node, distance);
            if (passing.Contains(node) && _graph.StateOf(node) == NodeState.Live) pool.Add(distance, node);
        }
    }

    /// <summary>Fills the pool of <paramref name="state"/>, which has its room already, by comparing all nodes that pass, or all there are.</summary>
    public void Scan(byte* query, NodeSet? passing, WalkState state)
    {
        CandidatePool pool = state.Pool;
        if (passing is null)
        {
            int count = Volatile.Read(ref _graph.Count);
            for (int node = 0; node < count; node++) Compare(node);
            return;
        }

        int[] members = state.Fresh;
        int at = 0;
        for (int found; (found = passing.Next(ref at, members)) > 0;)
        {
            for (int i = 0; i < found; i++)
            {
                if (i + walk.RowsAhead < found) walk.PrefetchRow(members[i + walk.RowsAhead]);
                Compare(members[i]);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Compare(int node)
        {
            float distance = walk.Distance(query, node);
            if (!pool.Refuses(distance) && _graph.StateOf(node) == NodeState.Live) pool.Add(distance, node);
        }
    }
}
