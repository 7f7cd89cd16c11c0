using System.Numerics.Tensors;
using Sextant.Embedding;
using Sextant.Training.Transformers;

namespace Sextant.Training.Export;

/// <summary>
/// Factors that make an encoder's activations easier to quantize (Xiao et al. 2023, "SmoothQuant", arXiv:2211.10438). A few dimensions of
/// what goes into a map are much larger than all others, and one scale for all leaves the others few of its 256 steps. Each dimension is
/// divided by a factor and its column of weights multiplied with it, which changes nothing but the rounding.
/// </summary>
internal sealed class InputScales
{
    /// <summary>
    /// How much of the difference between dimensions the weights take over; the best of those tried with all-MiniLM-L6-v2.
    /// </summary>
    private const float Migration = 0.7f;

    private const float LeastActivation = 1e-3f,
        LeastWeight = 1e-4f;
    private const int MaxTokens = 32;

    /// <summary>Ordinary text of several kinds; which dimensions are large depends on the model far more than on the text.</summary>
    private static readonly string[] Samples =
    [
        "The quick brown fox jumps over the lazy dog.",
        "How do I reset the password of my account?",
        "In 2023 the company reported revenue of 4.2 million dollars, up 12% from the year before.",
        "def main(args): return [x * 2 for x in args]",
        "Der Zug nach Berlin hat zwanzig Minuten Verspätung.",
        "Symptoms include fever, a dry cough and shortness of breath.",
        "She closed the door quietly and walked out into the rain.",
        "Which of these restaurants is open on Sundays?",
    ];

    private readonly Dictionary<string, float[]> _factors = new(StringComparer.Ordinal);

    /// <summary>The factors of the inputs of a map, or <see langword="null"/> if its inputs are not scaled.</summary>
    public float[]? Factors(string map) => _factors.GetValueOrDefault(map);

    /// <summary>Runs the encoder over the samples and chooses the factors.</summary>
    public static InputScales Measure(TransformerDirectory model, IReadOnlyDictionary<string, float[]> weights)
    {
        var pass = new ForwardPass(model.Config, weights);
        foreach (string sample in Samples)
        {
            pass.Run(model.Encode(sample, EmbeddingRole.Document, MaxTokens));
        }

        var scales = new InputScales();
        for (int i = 0; i < model.Config.Layers; i++)
        {
            scales.Choose(pass.Largest($"layer.{i}.query"), weights, [$"layer.{i}.query", $"layer.{i}.key", $"layer.{i}.value"]);
            scales.Choose(pass.Largest($"layer.{i}.inner"), weights, [$"layer.{i}.inner"]);
        }

        return scales;
    }

    private void Choose(float[] largest, IReadOnlyDictionary<string, float[]> weights, string[] maps)
    {
        float[] heaviest = new float[largest.Length];
        foreach (string map in maps)
        {
            float[] rows = weights[map + ".weight"];
            for (int row = 0; row < rows.Length; row += heaviest.Length)
            {
                TensorPrimitives.MaxMagnitude(heaviest, rows.AsSpan(row, heaviest.Length), heaviest);
            }
        }

        float[] factors = new float[largest.Length];
        for (int i = 0; i < factors.Length; i++)
        {
            factors[i] =
                MathF.Pow(MathF.Max(largest[i], LeastActivation), Migration)
                / MathF.Pow(MathF.Max(MathF.Abs(heaviest[i]), LeastWeight), 1 - Migration);
        }

        foreach (string map in maps)
        {
            _factors.Add(map, factors);
        }
    }
}
