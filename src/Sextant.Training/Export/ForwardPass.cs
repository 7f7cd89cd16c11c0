using System.Numerics.Tensors;
using Sextant.Training.Numerics;
using Sextant.Training.Transformers;

namespace Sextant.Training.Export;

/// <summary>An encoder computed plainly, a text at a time, to see how large the inputs of its maps get.</summary>
internal sealed class ForwardPass(TransformerConfig config, IReadOnlyDictionary<string, float[]> weights)
{
    private readonly Dictionary<string, float[]> _largest = new(StringComparer.Ordinal);

    /// <summary>The largest magnitude that each dimension of a map's input had so far.</summary>
    public float[] Largest(string map) => _largest[map];

    /// <summary>Computes the vectors of a text's tokens, one after the other.</summary>
    public float[] Run(int[] ids)
    {
        int width = config.Width;
        float[] x = new float[ids.Length * width];
        for (int i = 0; i < ids.Length; i++)
        {
            Span<float> row = x.AsSpan(i * width, width);
            TensorPrimitives.Add(
                weights["embeddings.word"].AsSpan(ids[i] * width, width),
                weights["embeddings.position"].AsSpan((config.FirstPosition + i) * width, width),
                row
            );
            if (config.Segments > 0)
            {
                TensorPrimitives.Add(row, weights["embeddings.segment"].AsSpan(0, width), row);
            }
        }

        Normalize(x, "embeddings.norm");
        for (int i = 0; i < config.Layers; i++)
        {
            x = Layer(x, ids.Length, $"layer.{i}.");
        }

        return x;
    }

    private float[] Layer(float[] x, int tokens, string name)
    {
        Record(x, name + "query");
        float[] seen = Attend(Map(x, tokens, name + "query"), Map(x, tokens, name + "key"), Map(x, tokens, name + "value"), tokens);
        float[] output = Map(seen, tokens, name + "output");
        TensorPrimitives.Add(output, x, output);
        Normalize(output, name + "attention.norm");
        Record(output, name + "inner");
        float[] inner = Map(output, tokens, name + "inner");
        for (int i = 0; i < inner.Length; i++)
        {
            inner[i] = Bend(inner[i]);
        }

        float[] outer = Map(inner, tokens, name + "outer");
        TensorPrimitives.Add(outer, output, outer);
        Normalize(outer, name + "norm");
        return outer;
    }

    private float[] Attend(float[] query, float[] key, float[] value, int tokens)
    {
        int width = config.Width,
            size = width / config.Heads;
        float[] seen = new float[tokens * width],
            shares = new float[tokens];
        for (int head = 0; head < config.Heads; head++)
        {
            for (int i = 0; i < tokens; i++)
            {
                ReadOnlySpan<float> asked = query.AsSpan((i * width) + (head * size), size);
                for (int j = 0; j < tokens; j++)
                {
                    shares[j] = TensorPrimitives.Dot(asked, key.AsSpan((j * width) + (head * size), size)) / MathF.Sqrt(size);
                }

                TensorPrimitives.SoftMax(shares, shares);
                Span<float> sum = seen.AsSpan((i * width) + (head * size), size);
                for (int j = 0; j < tokens; j++)
                {
                    TensorPrimitives.MultiplyAdd(value.AsSpan((j * width) + (head * size), size), shares[j], sum, sum);
                }
            }
        }

        return seen;
    }

    private float[] Map(float[] x, int tokens, string name)
    {
        float[] rows = weights[name + ".weight"],
            bias = weights[name + ".bias"];
        int inputs = rows.Length / bias.Length;
        float[] y = new float[tokens * bias.Length];
        MatrixProduct.Multiply(
            MatrixOperand.RowMajor(x, tokens, inputs),
            MatrixOperand.RowMajor(rows, bias.Length, inputs).Transposed,
            y,
            new ParallelOptions()
        );
        for (int i = 0; i < tokens; i++)
        {
            Span<float> row = y.AsSpan(i * bias.Length, bias.Length);
            TensorPrimitives.Add(row, bias, row);
        }

        return y;
    }

    private void Normalize(float[] x, string name)
    {
        for (int start = 0; start < x.Length; start += config.Width)
        {
            Span<float> row = x.AsSpan(start, config.Width);
            TensorPrimitives.Subtract(row, TensorPrimitives.Sum<float>(row) / row.Length, row);
            TensorPrimitives.Divide(row, MathF.Sqrt((TensorPrimitives.SumOfSquares<float>(row) / row.Length) + config.Epsilon), row);
            TensorPrimitives.MultiplyAdd(row, weights[name + ".weight"], weights[name + ".bias"], row);
        }
    }

    private float Bend(float x) =>
        config.Activation switch
        {
            TransformerActivation.Relu => MathF.Max(0, x),
            // The two forms of GELU differ by less than 0.001, which no range shows.
            _ => 0.5f * x * (1 + MathF.Tanh(MathF.Sqrt(2 / MathF.PI) * (x + (0.044715f * x * x * x)))),
        };

    private void Record(float[] x, string map)
    {
        if (!_largest.TryGetValue(map, out float[]? largest))
        {
            _largest.Add(map, largest = new float[config.Width]);
        }

        for (int i = 0; i < x.Length; i++)
        {
            int dimension = i % largest.Length;
            largest[dimension] = MathF.Max(largest[dimension], MathF.Abs(x[i]));
        }
    }
}
