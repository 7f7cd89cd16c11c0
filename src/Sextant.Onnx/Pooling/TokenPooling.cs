using System.Numerics;
using System.Numerics.Tensors;

namespace Sextant.Onnx.Pooling;

/// <summary>Makes one vector of the token vectors of one text, as sentence-transformers' Pooling module does.</summary>
/// <param name="modes">At least one.</param>
/// <param name="includePrompt">Whether the tokens of a prompt count; some models (INSTRUCTOR) leave them out.</param>
internal sealed class TokenPooling(PoolingModes modes, bool includePrompt = true)
{
    private static readonly PoolingModes[] Order = Enum.GetValues<PoolingModes>()[1..];

    public PoolingModes Modes => modes;

    public bool IncludePrompt => includePrompt;

    /// <summary>How often a token vector's length the result is long.</summary>
    public int Width => BitOperations.PopCount((uint)modes);

    /// <summary>The modes as sentence-transformers names them, joined by <c>+</c>.</summary>
    public string Name =>
        string.Join(
            '+',
            Order
                .Where(mode => modes.HasFlag(mode))
                .Select(static mode =>
                    mode switch
                    {
                        PoolingModes.Cls => "cls",
                        PoolingModes.Max => "max",
                        PoolingModes.Mean => "mean",
                        PoolingModes.MeanSqrtLength => "mean_sqrt_len_tokens",
                        PoolingModes.WeightedMean => "weightedmean",
                        _ => "lasttoken",
                    }
                )
        );

    /// <summary>Pools <paramref name="tokens"/> into <paramref name="pooled"/>.</summary>
    /// <param name="tokens">The vectors of the text's own places, padding left out, one after the other.</param>
    /// <param name="hidden">The length of a token's vector.</param>
    /// <param name="promptTokens">How many tokens at the start belong to a prompt that does not count.</param>
    /// <param name="pooled"><see cref="Width"/> × <paramref name="hidden"/> values; overwritten.</param>
    public void Pool(ReadOnlySpan<float> tokens, int hidden, int promptTokens, Span<float> pooled)
    {
        int count = tokens.Length / hidden,
            skipped = Math.Min(promptTokens, count);
        foreach (PoolingModes mode in Order)
        {
            if (modes.HasFlag(mode))
            {
                Pool(mode, tokens, hidden, skipped, pooled[..hidden]);
                pooled = pooled[hidden..];
            }
        }
    }

    private static void Pool(PoolingModes mode, ReadOnlySpan<float> tokens, int hidden, int skipped, Span<float> into)
    {
        ReadOnlySpan<float> kept = tokens[(skipped * hidden)..];
        int count = kept.Length / hidden;
        into.Clear();
        switch (mode)
        {
            case PoolingModes.Cls:
                // The first of all, also where a prompt does not count: that is where the model was trained to put its answer.
                tokens[..hidden].CopyTo(into);
                break;
            case PoolingModes.LastToken:
                tokens[^hidden..].CopyTo(into);
                break;
            case PoolingModes.Max when count > 0:
                kept[..hidden].CopyTo(into);
                for (int t = 1; t < count; t++)
                {
                    TensorPrimitives.Max(into, kept.Slice(t * hidden, hidden), into);
                }

                break;
            case PoolingModes.WeightedMean:
                // A token's weight is its place in the whole text, the prompt included.
                float weights = 0;
                for (int t = 0; t < count; t++)
                {
                    float weight = skipped + t + 1;
                    TensorPrimitives.MultiplyAdd(kept.Slice(t * hidden, hidden), weight, into, into);
                    weights += weight;
                }

                TensorPrimitives.Divide(into, Math.Max(weights, 1e-9f), into);
                break;
            default:
                for (int t = 0; t < count; t++)
                {
                    TensorPrimitives.Add(into, kept.Slice(t * hidden, hidden), into);
                }

                TensorPrimitives.Divide(into, mode == PoolingModes.Mean ? Math.Max(count, 1) : MathF.Sqrt(Math.Max(count, 1)), into);
                break;
        }
    }
}
