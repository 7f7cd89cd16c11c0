using Sextant.Index.Memory;

namespace Sextant.Index.Graphs;

/// <summary>Makes sure that a graph from a file leads nowhere outside of it: it is traversed without any check afterward.</summary>
internal static unsafe class GraphCheck
{
    /// <exception cref="InvalidDataException">A level, a state or a link is out of range.</exception>
    public static void Require(Graph graph)
    {
        int broken = 0;
        Parallel.For(
            0,
            (graph.Count + NativeChunks.ChunkRecords - 1) / NativeChunks.ChunkRecords,
            chunk =>
            {
                int first = chunk * NativeChunks.ChunkRecords,
                    end = Math.Min(graph.Count, first + NativeChunks.ChunkRecords);
                for (int node = first; node < end; node++)
                {
                    if (!IsSound(graph, node))
                        Volatile.Write(ref broken, 1);
                }
            }
        );
        if (broken != 0)
            throw new InvalidDataException("its graph has links out of range");
    }

    private static bool IsSound(Graph graph, int node)
    {
        NodeRecord record = graph.Record(node);
        if (
            record.State is NodeState.Linking or > NodeState.Hollow
            || record.Level > NodeLevels.Highest
            || record.Upper < 0
            || (long)record.Upper + record.Level > graph.UpperCount
        )
        {
            return false;
        }
        if (!AreSound(graph, graph.LinksOf(node, 0), 0))
            return false;
        for (int level = 1; level <= record.Level; level++)
        {
            if (!AreSound(graph, graph.LinksOf(node, level), level))
                return false;
        }

        return true;
    }

    private static bool AreSound(Graph graph, int* links, int level)
    {
        if ((uint)links[0] > (uint)graph.MaxLinks(level))
            return false;
        for (int i = 1; i <= links[0]; i++)
        {
            if ((uint)links[i] >= (uint)graph.Count)
                return false;
            if (level > 0 && graph.Record(links[i]).Level < level)
                return false;
        }

        return true;
    }
}
