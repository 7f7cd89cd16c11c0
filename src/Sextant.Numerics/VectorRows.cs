using System.Globalization;

namespace Sextant.Numerics;

/// <summary>Vectors of one length, checked and copied into one block, row by row.</summary>
internal sealed class VectorRows
{
    /// <summary>The approximate number of floats that fit in a core's cache together with the row that they are compared with.</summary>
    private const int BlockFloats = 1 << 15;

    private readonly float[] _values;

    /// <param name="vectors">The vectors.</param>
    /// <param name="normalize">Whether rows are scaled to length 1; a zero vector is unchanged.</param>
    /// <param name="dimensions">The required dimensions; those of the first vector when <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">A vector has another length, or holds NaN or infinity.</exception>
    public VectorRows(IReadOnlyList<ReadOnlyMemory<float>> vectors, bool normalize, int? dimensions = null)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        Count = vectors.Count;
        Dimensions = dimensions ?? (Count == 0 ? 0 : vectors[0].Length);
        _values = new float[(long)Count * Dimensions];
        for (int i = 0; i < Count; i++)
        {
            if (vectors[i].Length != Dimensions)
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"Vector {i} has {vectors[i].Length} dimensions, expected {Dimensions}."),
                    nameof(vectors)
                );
            }

            if (!VectorMath.IsFinite(vectors[i].Span))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"Vector {i} contains NaN or infinity."),
                    nameof(vectors)
                );
            }

            Span<float> row = _values.AsSpan(i * Dimensions, Dimensions);
            vectors[i].Span.CopyTo(row);
            if (normalize)
                VectorMath.Normalize(row);
        }
    }

    public int Count { get; }

    public int Dimensions { get; }

    public ReadOnlySpan<float> this[int row] => _values.AsSpan(row * Dimensions, Dimensions);

    /// <summary>
    /// Hands over the dot products of every row of <paramref name="queries"/> with blocks of these rows: query, first row of the block,
    /// products. Blocks of one query come in order, on one thread.
    /// </summary>
    public void ForEachBlock(VectorRows queries, ParallelOptions parallel, BlockAction action)
    {
        const int Queries = 32;
        int block = Math.Max(1, BlockFloats / Math.Max(1, Dimensions));
        Parallel.For(
            0,
            (queries.Count + Queries - 1) / Queries,
            parallel,
            () => new float[block],
            (group, _, products) =>
            {
                int from = group * Queries,
                    to = Math.Min(queries.Count, from + Queries);
                for (int start = 0; start < Count; start += block)
                {
                    int count = Math.Min(block, Count - start);
                    for (int query = from; query < to; query++)
                    {
                        for (int j = 0; j < count; j++)
                            products[j] = VectorMath.Dot(queries[query], this[start + j]);
                        action(query, start, products.AsSpan(0, count));
                    }
                }

                return products;
            },
            static _ => { }
        );
    }

    public delegate void BlockAction(int query, int firstRow, ReadOnlySpan<float> products);
}
