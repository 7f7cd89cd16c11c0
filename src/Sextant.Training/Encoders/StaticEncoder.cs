using System.Numerics.Tensors;
using Sextant.Training.Numerics;

namespace Sextant.Training.Encoders;

/// <summary>
/// A static embedding model while it learns: the vector of a text is the mean of its tokens' (weighted by position where asked), the vector
/// of a token the sum of its features' rows. Forward keeps the batch's graph; backward gathers the gradient into the rows that were used
/// and changes only those. The result of a step does not depend on the number of threads.
/// </summary>
internal sealed class StaticEncoder
{
    private readonly TokenComposition _composition;
    private readonly float[] _table;
    private readonly SparseAdam _adam;
    private BatchGraph? _graph;

    /// <summary>Creates an encoder with small random rows.</summary>
    public StaticEncoder(TokenComposition composition, int dimensions, ulong seed, float initialDeviation = 0.1f)
        : this(composition, dimensions, new float[(long)composition.FeatureCount * dimensions])
    {
        Parallel.For(
            0,
            composition.FeatureCount,
            row =>
            {
                var random = new SeededRandom(SeededRandom.Derive(seed, (ulong)row, 1));
                foreach (ref float value in Row(row))
                {
                    value = random.NextGaussian() * initialDeviation;
                }
            }
        );
    }

    /// <summary>Creates an encoder that starts from existing rows.</summary>
    public StaticEncoder(TokenComposition composition, int dimensions, float[] table)
    {
        (_composition, Dimensions, _table) = (composition, dimensions, table);
        _adam = new SparseAdam(composition.FeatureCount, dimensions);
    }

    public int Dimensions { get; }

    /// <summary>The rows of all features.</summary>
    public float[] Table => _table;

    /// <summary>The state of the optimizer.</summary>
    public SparseAdam Adam => _adam;

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; set; }

    public float TokenDropout { get; init; }

    public float FeatureDropout { get; init; }

    /// <summary>The position whose token counts half as much as the first; <see langword="null"/> where all count the same.</summary>
    public float? PositionScale { get; init; }

    /// <summary>A step's gradient over all rows is scaled down to this length where it is longer; 0 for never.</summary>
    public float MaxGradientNorm { get; init; }

    /// <summary>Embeds the texts for training, with dropout.</summary>
    public EmbeddingMatrix Forward(TokenBatch texts, SeededRandom random, ParallelOptions parallel)
    {
        BatchGraph graph = _graph = BatchGraph.Create(texts, _composition, TokenDropout, FeatureDropout, PositionScale, random);
        var tokens = new EmbeddingMatrix(graph.TokenFeatures.Count, Dimensions);
        ForRows(
            tokens.Rows,
            parallel,
            token =>
            {
                Span<float> sum = tokens[token];
                foreach (int feature in graph.TokenFeatures[token])
                {
                    TensorPrimitives.Add(sum, Row(graph.Features[feature]), sum);
                }
            }
        );

        var embeddings = new EmbeddingMatrix(texts.Count, Dimensions);
        ForRows(
            texts.Count,
            parallel,
            text =>
            {
                Span<float> sum = embeddings[text];
                ReadOnlySpan<int> own = graph.TextTokens[text];
                ReadOnlySpan<float> weights = graph.TextTokens.Weights(text);
                for (int i = 0; i < own.Length; i++)
                {
                    TensorPrimitives.MultiplyAdd(tokens[own[i]], weights[i], sum, sum);
                }

                TensorPrimitives.Multiply(sum, 1f / graph.Divisors[text], sum);
            }
        );
        return embeddings;
    }

    /// <summary>Takes the gradient of the last <see cref="Forward"/> back to the rows and changes them.</summary>
    public void Backward(EmbeddingMatrix gradients, float rate, ParallelOptions parallel)
    {
        BatchGraph graph = _graph ?? throw new InvalidOperationException("Call Forward before Backward.");
        _graph = null;
        Steps++;
        var tokens = new EmbeddingMatrix(graph.TokenTexts.Count, Dimensions);
        ForRows(
            tokens.Rows,
            parallel,
            token =>
            {
                Span<float> sum = tokens[token];
                ReadOnlySpan<int> texts = graph.TokenTexts[token];
                ReadOnlySpan<float> weights = graph.TokenTexts.Weights(token);
                for (int i = 0; i < texts.Length; i++)
                {
                    TensorPrimitives.MultiplyAdd(gradients[texts[i]], weights[i] / graph.Divisors[texts[i]], sum, sum);
                }
            }
        );

        if (MaxGradientNorm > 0)
        {
            var rows = new EmbeddingMatrix(graph.Features.Length, Dimensions);
            ForRows(rows.Rows, parallel, feature => Gather(graph, tokens, feature, rows[feature]));
            Clip(rows);
            ForRows(rows.Rows, parallel, feature => Update(graph.Features[feature], rows[feature], rate));
            return;
        }

        ForRows(
            graph.Features.Length,
            parallel,
            feature =>
            {
                Span<float> sum = stackalloc float[Dimensions];
                sum.Clear();
                Gather(graph, tokens, feature, sum);
                Update(graph.Features[feature], sum, rate);
            }
        );
    }

    /// <summary>Writes out the vector of every token, one after the other.</summary>
    public float[] Compose()
    {
        float[] rows = new float[(long)_composition.TokenCount * Dimensions];
        Parallel.For(
            0,
            _composition.TokenCount,
            token =>
            {
                Span<float> sum = rows.AsSpan(token * Dimensions, Dimensions);
                foreach (int feature in _composition[token])
                {
                    TensorPrimitives.Add(sum, Row(feature), sum);
                }
            }
        );
        return rows;
    }

    private static void Gather(BatchGraph graph, EmbeddingMatrix tokens, int feature, Span<float> sum)
    {
        foreach (int token in graph.FeatureTokens[feature])
        {
            TensorPrimitives.Add(sum, tokens[token], sum);
        }
    }

    private void Clip(EmbeddingMatrix rows)
    {
        double squares = 0;
        for (int row = 0; row < rows.Rows; row++)
        {
            squares += TensorPrimitives.SumOfSquares<float>(rows[row]);
        }

        float scale = MaxGradientNorm / (float)Math.Sqrt(squares);
        for (int row = 0; scale < 1 && row < rows.Rows; row++)
        {
            TensorPrimitives.Multiply(rows[row], scale, rows[row]);
        }
    }

    private void Update(int row, ReadOnlySpan<float> gradient, float rate) => _adam.Update(row, Row(row), gradient, rate, Steps);

    private Span<float> Row(int row) => _table.AsSpan(row * Dimensions, Dimensions);

    /// <summary>Processes rows in slices, because one row is too little work for a separate task.</summary>
    private static void ForRows(int rows, ParallelOptions parallel, Action<int> body)
    {
        const int Slice = 64;
        Parallel.For(
            0,
            (rows + Slice - 1) / Slice,
            parallel,
            slice =>
            {
                for (int row = slice * Slice; row < Math.Min(rows, (slice + 1) * Slice); row++)
                {
                    body(row);
                }
            }
        );
    }
}
