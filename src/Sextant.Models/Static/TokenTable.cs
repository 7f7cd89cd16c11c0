namespace Sextant.Models.Static;

/// <summary>
/// One vector for each token, as int8 or float32 rows, and a weight for each token. A token's vector is its row times its
/// weight: for int8 the weight is the scale that reverses quantization, otherwise it may favor rare words. Immutable.
/// </summary>
internal abstract class TokenTable
{
    private readonly float[]? _weights;
    private readonly int[]? _mapping;

    private protected TokenTable(int rows, int dimensions, float[]? weights, int[]? mapping)
    {
        Dimensions = dimensions;
        Tokens = mapping?.Length ?? rows;
        _weights = weights;
        _mapping = mapping;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        if (weights is not null && weights.Length != Tokens)
        {
            throw new ArgumentException($"{weights.Length} weights for {Tokens} tokens.", nameof(weights));
        }

        if (mapping is not null && Array.Exists(mapping, row => (uint)row >= (uint)rows))
        {
            throw new ArgumentException($"The mapping points outside the {rows} rows.", nameof(mapping));
        }
    }

    /// <summary>The length of a token's vector.</summary>
    public int Dimensions { get; }

    /// <summary>How many tokens have a vector.</summary>
    public int Tokens { get; }

    /// <summary>Sums the vectors of the tokens into <paramref name="sum"/>, which is overwritten.</summary>
    /// <param name="ids">Tokens, each from 0 up to <see cref="Tokens"/>.</param>
    /// <param name="sum">Exactly <see cref="Dimensions"/> long.</param>
    /// <param name="positionScale">As in <see cref="PositionWeights"/>.</param>
    public void Sum(ReadOnlySpan<int> ids, Span<float> sum, float? positionScale = null)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sum.Length, Dimensions);
        sum.Clear();
        // The kernel requires matching rows and weights; sixty-four at a time keeps both on the stack.
        Span<int> rows = stackalloc int[64];
        Span<float> weights = stackalloc float[64];
        for (int start = 0; !ids.IsEmpty; start += rows.Length, ids = ids[Math.Min(rows.Length, ids.Length)..])
        {
            int count = Math.Min(rows.Length, ids.Length);
            for (int i = 0; i < count; i++)
            {
                int id = ids[i];
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)id, (uint)Tokens, nameof(ids));
                rows[i] = _mapping is null ? id : _mapping[id];
                weights[i] = (_weights is null ? 1 : _weights[id]) * PositionWeights.GetWeight(start + i, positionScale);
            }

            AddRows(rows[..count], weights[..count], sum);
        }
    }

    /// <summary>Adds rows that are known to exist.</summary>
    protected abstract void AddRows(ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, Span<float> sum);

    public static TokenTable Create(sbyte[] rows, int dimensions, float[]? weights, int[]? mapping = null) =>
        new Int8Table(rows, dimensions, weights, mapping);

    public static TokenTable Create(float[] rows, int dimensions, float[]? weights = null, int[]? mapping = null) =>
        new SingleTable(rows, dimensions, weights, mapping);

    private sealed class Int8Table(sbyte[] rows, int dimensions, float[]? weights, int[]? mapping)
        : TokenTable(rows.Length / dimensions, dimensions, weights, mapping)
    {
        protected override void AddRows(ReadOnlySpan<int> ids, ReadOnlySpan<float> weights, Span<float> sum) =>
            RowAccumulator.Add(rows, ids, weights, sum);
    }

    private sealed class SingleTable(float[] rows, int dimensions, float[]? weights, int[]? mapping)
        : TokenTable(rows.Length / dimensions, dimensions, weights, mapping)
    {
        protected override void AddRows(ReadOnlySpan<int> ids, ReadOnlySpan<float> weights, Span<float> sum) =>
            RowAccumulator.Add(rows, ids, weights, sum);
    }
}
