using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Sextant.Index.Graphs;
using Sextant.Index.Spaces;
using Sextant.Index.Traversal;
using Sextant.Numerics;

namespace Sextant.Index.Packing;

/// <summary>
/// Writes the record of a node: its links, and in the places that they leave the nearest of their links, because a scan compares whole
/// batches anyway.
/// </summary>
internal sealed unsafe class LinkPacker(GraphWalk<Int8Space> walk, LinkBatches batches, bool euclidean)
{
    private const int Batch = FastScanKernels.Batch;

    /// <summary>Longer vectors are worked on in the heap.</summary>
    private const int MostOnStack = 4_096;

    private readonly Graph _graph = walk.Graph;
    private readonly int _length = batches.Length;

    /// <summary>Writes the record of a node, unless it is up to date.</summary>
    public void Pack(int node)
    {
        lock (_graph.LockOf(node))
        {
            byte* record = batches[node];
            if (LinkBatches.IsCurrent(record))
                return;
            List<int> neighbors = Neighbors(node);
            Span<float> room = _length <= MostOnStack ? stackalloc float[2 * _length] : new float[2 * _length];
            fixed (float* center = room)
            {
                Read(node, center);
                for (int i = (batches.Count * Batch) - 1; i >= 0; i--)
                {
                    byte* batch = batches.BatchOf(record, i / Batch);
                    if (i < neighbors.Count)
                        Write(neighbors[i], batch, i % Batch, center, center + _length);
                    else
                        Leave(batch, i % Batch);
                }
            }
        }
    }

    // Other lists may change while they are read; what is found there is still a node.
    private List<int> Neighbors(int node)
    {
        int most = batches.Count * Batch;
        int* links = _graph.LinksOf(node, 0);
        List<int> found = new(most);
        for (int i = 1; i <= links[0]; i++)
            found.Add(links[i]);
        if (found.Count == most)
            return found;
        HashSet<int> known = [node, .. found];
        List<(float Distance, int Node)> further = [];
        int count = Volatile.Read(ref _graph.Count);
        for (int i = 0; i < found.Count; i++)
        {
            int* others = _graph.LinksOf(found[i], 0);
            int degree = Math.Min(Volatile.Read(ref others[0]), _graph.MaxLinks(0));
            for (int k = 1; k <= degree; k++)
            {
                int other = others[k];
                if ((uint)other < (uint)count && _graph.IsSought(other) && known.Add(other))
                    further.Add((walk.Between(node, other), other));
            }
        }

        further.Sort(GraphBuilder<Int8Space>.Nearest);
        foreach ((_, int other) in further.Take(most - found.Count))
            found.Add(other);
        return found;
    }

    private void Write(int neighbor, byte* batch, int place, float* center, float* rest)
    {
        Read(neighbor, rest);
        Span<float> r = new(rest, _length),
            c = new(center, _length);
        TensorPrimitives.Subtract(r, c, r);
        float squared = TensorPrimitives.SumOfSquares<float>(r),
            magnitudes = TensorPrimitives.SumOfMagnitudes<float>(r),
            factor = magnitudes > 0 ? squared / magnitudes : 0,
            signed = factor * SignedSum(rest, center);
        // Euclidean: |q − x|² = |q − c|² + |r|² − 2⟨r, q − c⟩. Otherwise −⟨q, x⟩ = −⟨q, c⟩ − ⟨r, q − c⟩ − ⟨r, c⟩. In both, ⟨r, q − c⟩ is
        // estimated as f·⟨s, q⟩ − f·⟨s, c⟩.
        LinkBatches.Constants(batch)[place] = euclidean ? squared + (2 * signed) : signed - TensorPrimitives.Dot<float>(r, c);
        LinkBatches.Factors(batch)[place] = euclidean ? 2 * factor : factor;
        FastScanKernels.Write(rest, _length, place, LinkBatches.Codes(batch));
        LinkBatches.SetNode(batch, place, neighbor);
    }

    private static void Leave(byte* batch, int place)
    {
        LinkBatches.Constants(batch)[place] = float.PositiveInfinity;
        LinkBatches.Factors(batch)[place] = 0;
        LinkBatches.SetNode(batch, place, -1);
    }

    // Σ sign(r)·c, where 0 counts as −1, as in the codes.
    private float SignedSum(float* rest, float* center)
    {
        Vector256<float> sum = default;
        for (int i = 0; i < _length; i += Vector256<float>.Count)
        {
            var c = Vector256.Load(center + i);
            sum += Vector256.ConditionalSelect(Vector256.GreaterThan(Vector256.Load(rest + i), default), c, -c);
        }

        return Vector256.Sum(sum);
    }

    private void Read(int node, float* vector) => walk.Space.Decode(_graph.Rows[node], new(vector, _length));
}
