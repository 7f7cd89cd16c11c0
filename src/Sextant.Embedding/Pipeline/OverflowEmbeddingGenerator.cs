using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Sextant.Tokenizers;

namespace Sextant.Embedding.Pipeline;

/// <summary>
/// Enforces the model's token limit: rejects, truncates or splits texts over it, and reports that. If tokens are only estimated, no text is
/// rejected here; the model decides.
/// </summary>
internal sealed class OverflowEmbeddingGenerator(
    IEmbeddingGenerator<string, Embedding<float>> inner,
    ModelProfile profile,
    ITokenCounter counter,
    OverflowPolicy policy,
    ILogger logger
) : EmbeddingLayer(inner)
{
    protected override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IReadOnlyList<string> texts,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellationToken
    )
    {
        int limit = profile.MaxTokens!.Value - counter.Count(profile.PromptFor(options.GetRole()));
        List<OverflowReport> overflows = Find(texts, limit);
        if (overflows.Count == 0)
        {
            return await AskAsync(texts, options, cancellationToken).ConfigureAwait(false);
        }

        if (policy == OverflowPolicy.Error || limit <= 0)
        {
            OverflowReport first = overflows[0];
            throw new InputException(
                $"text {first.Index + 1} of {texts.Count} has {first.Tokens} tokens, and {profile.Name} reads at most {limit}"
                    + (overflows.Count > 1 ? $" ({overflows.Count} texts are too long)" : "")
                    + "; shorten it, or choose the overflow policy truncate or chunk"
            );
        }

        GeneratedEmbeddings<Embedding<float>> generated =
            policy == OverflowPolicy.Truncate
                ? await AskAsync(Truncate(texts, overflows), options, cancellationToken).ConfigureAwait(false)
                : await ChunkAsync(texts, overflows, options, cancellationToken).ConfigureAwait(false);
        logger.LogWarning(
            "{Count} of {Texts} texts have more than the {Limit} tokens that {Model} reads and were {Action}, the longest of {Longest}",
            overflows.Count,
            texts.Count,
            limit,
            profile.Name,
            policy == OverflowPolicy.Truncate ? "truncated" : "embedded in chunks",
            overflows.Max(static o => o.Tokens)
        );
        generated.ReportOverflows(overflows);
        return generated;
    }

    private List<OverflowReport> Find(IReadOnlyList<string> texts, int limit)
    {
        var overflows = new List<OverflowReport>();
        if (policy == OverflowPolicy.Error && !counter.IsExact)
        {
            return overflows;
        }

        for (int i = 0; i < texts.Count; i++)
        {
            if (!TokenFit.FitsSurely(texts[i].Length, limit) && counter.Count(texts[i]) is int tokens && tokens > limit)
            {
                overflows.Add(new OverflowReport(i, tokens, limit, policy));
            }
        }

        return overflows;
    }

    private string[] Truncate(IReadOnlyList<string> texts, List<OverflowReport> overflows)
    {
        string[] cut = [.. texts];
        foreach (OverflowReport overflow in overflows)
        {
            cut[overflow.Index] = cut[overflow.Index][..TokenFit.PrefixLength(counter, cut[overflow.Index], overflow.Limit)];
        }

        return cut;
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> ChunkAsync(
        IReadOnlyList<string> texts,
        List<OverflowReport> overflows,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellationToken
    )
    {
        // The pieces of the long texts follow all texts; a long text's own place is taken by its first piece.
        string[] firsts = [.. texts];
        var more = new List<string>();
        var pieces = new List<(int Index, List<(int Position, int Tokens)> Parts)>();
        foreach (OverflowReport overflow in overflows)
        {
            var parts = new List<(int Position, int Tokens)>();
            foreach (string piece in TokenFit.Split(counter, texts[overflow.Index], overflow.Limit))
            {
                parts.Add((parts.Count == 0 ? overflow.Index : firsts.Length + more.Count, counter.Count(piece)));
                if (parts.Count == 1)
                {
                    firsts[overflow.Index] = piece;
                }
                else
                {
                    more.Add(piece);
                }
            }

            pieces.Add((overflow.Index, parts));
        }

        GeneratedEmbeddings<Embedding<float>> generated = await AskAsync([.. firsts, .. more], options, cancellationToken)
            .ConfigureAwait(false);
        Embedding<float>[] embeddings = [.. generated.Take(firsts.Length)];
        foreach ((int index, List<(int Position, int Tokens)> parts) in pieces)
        {
            embeddings[index] = Mean(generated, parts);
        }

        return With(generated, embeddings);
    }

    private static Embedding<float> Mean(GeneratedEmbeddings<Embedding<float>> generated, List<(int Position, int Tokens)> parts)
    {
        float total = Math.Max(1, parts.Sum(static part => part.Tokens));
        float[] mean = new float[generated[parts[0].Position].Vector.Length];
        foreach ((int position, int tokens) in parts)
        {
            TensorPrimitives.MultiplyAdd(generated[position].Vector.Span, tokens / total, mean, mean);
        }

        return new Embedding<float>(mean) { ModelId = generated[parts[0].Position].ModelId };
    }
}
