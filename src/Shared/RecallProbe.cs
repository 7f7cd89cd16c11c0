using System.Numerics.Tensors;

namespace Sextant;

/// <summary>
/// A query that measures recall: a stored vector, or a vector near it, as questions are near their answers. Stored vectors alone would miss
/// documents that only their own text finds; others alone would miss documents that their own text does not find.
/// </summary>
/// <param name="Key">The key of the stored vector.</param>
/// <param name="Vector">The query.</param>
/// <param name="IsMoved">Whether the query was moved away from the stored vector.</param>
internal readonly record struct RecallProbe(long Key, float[] Vector, bool IsMoved)
{
    /// <summary>The distance from the stored vector, relative to its length: a cosine of 0.98.</summary>
    private const float Distance = 0.2f;

    /// <summary>Scores may differ by this much between two ways to add up the same products.</summary>
    private const float Tie = 1e-5f;

    /// <summary>Probes of distinct stored vectors, every other one moved, by their keys alone.</summary>
    public static List<RecallProbe> Create(IReadOnlyList<(long Key, float[] Vector)> stored) =>
        [
            .. stored.Select(
                static (row, i) => i % 2 == 0 ? new RecallProbe(row.Key, row.Vector, false) : new(row.Key, Move(row.Vector, row.Key), true)
            ),
        ];

    /// <summary>
    /// The share of the true neighbors that a search found. Among equals any is right, so scores are compared and not keys. A stored vector
    /// that
    /// does not find itself finds nothing.
    /// </summary>
    /// <param name="found">What the search found, nearest first.</param>
    /// <param name="keyOf">The key of a result.</param>
    /// <param name="scoreOf">The score of a result.</param>
    /// <param name="best">The score of the nearest of all.</param>
    /// <param name="last">The score of the last true neighbor.</param>
    /// <param name="k">The number of neighbors.</param>
    public double ShareOf<T>(IReadOnlyList<T> found, Func<T, long> keyOf, Func<T, float> scoreOf, float best, float last, int k) =>
        !IsMoved && (found.Count == 0 || scoreOf(found[0]) < best - Tie)
            ? 0
            : (double)Others(found, keyOf, k).Count(hit => scoreOf(hit) >= last - Tie) / k;

    /// <summary>The neighbors to look for: all but the stored vector itself, unless the probe was moved.</summary>
    public IEnumerable<T> Others<T>(IEnumerable<T> found, Func<T, long> keyOf, int k)
    {
        (long key, bool isMoved) = (Key, IsMoved);
        return found.Where(hit => isMoved || keyOf(hit) != key).Take(k);
    }

    private static float[] Move(float[] vector, long key)
    {
        Random random = new(unchecked((int)(key * 2_654_435_761)));
        float[] way = new float[vector.Length];
        for (int i = 0; i < way.Length; i++)
            way[i] = random.NextSingle() - 0.5f;
        float length = TensorPrimitives.Norm(way),
            own = TensorPrimitives.Norm(vector);
        float[] moved = new float[vector.Length];
        for (int i = 0; i < way.Length; i++)
            moved[i] = vector[i] + (Distance * own / length * way[i]);
        return moved;
    }
}
