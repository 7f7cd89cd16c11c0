using Microsoft.Extensions.AI;
using Sextant.Tokenizers;

namespace Sextant.Embedding.Pipeline;

/// <summary>
/// Splits a request into batches within the model's limits on texts and tokens. Where tokens are counted, texts of like length
/// travel together, so that models which pad waste little; results come back in the order asked.
/// When a batch fails, no further one is begun, but those under way are let finish: they may be paid for.
/// </summary>
internal sealed class BatchingEmbeddingGenerator(
    IEmbeddingGenerator<string, Embedding<float>> inner,
    EmbeddingLimits limits,
    ITokenCounter? counter
) : EmbeddingLayer(inner)
{
    protected override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IReadOnlyList<string> texts,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellationToken
    )
    {
        List<int[]> batches = Pack(texts);
        if (batches.Count == 1)
        {
            return await AskAsync(texts, options, cancellationToken).ConfigureAwait(false);
        }

        var embeddings = new Embedding<float>[texts.Count];
        var usage = new UsageDetails();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = limits.MaxConcurrency, CancellationToken = cancellationToken };
        await Parallel
            .ForEachAsync(
                batches,
                parallel,
                async (batch, _) =>
                {
                    string[] part = Array.ConvertAll(batch, index => texts[index]);
                    GeneratedEmbeddings<Embedding<float>> generated = await AskAsync(part, options, cancellationToken)
                        .ConfigureAwait(false);
                    for (int i = 0; i < batch.Length; i++)
                    {
                        embeddings[batch[i]] = generated[i];
                    }

                    if (generated.Usage is { } used)
                    {
                        lock (usage)
                        {
                            usage.Add(used);
                        }
                    }
                }
            )
            .ConfigureAwait(false);
        return new GeneratedEmbeddings<Embedding<float>>(embeddings) { Usage = usage };
    }

    /// <summary>The positions of the texts of each batch. One holds them in order; several are sorted, the longest first.</summary>
    internal List<int[]> Pack(IReadOnlyList<string> texts)
    {
        int[] order = [.. Enumerable.Range(0, texts.Count)];
        if (limits.MaxTokens is not { } maxTokens)
        {
            return [.. order.Chunk(limits.MaxTexts)];
        }

        int[] tokens = Array.ConvertAll(order, index => counter?.Count(texts[index]) ?? Estimate(texts[index]));
        if (texts.Count <= limits.MaxTexts && tokens.Sum(static count => (long)count) <= maxTokens)
        {
            return [order];
        }

        // Array.Sort is not stable; the position settles ties, so that the same request makes the same batches.
        Array.Sort(order, (a, b) => tokens[a] != tokens[b] ? tokens[b].CompareTo(tokens[a]) : a.CompareTo(b));
        var batches = new List<int[]>();
        int start = 0;
        long sum = 0;
        for (int i = 0; i < order.Length; i++)
        {
            if (i > start && (i - start == limits.MaxTexts || sum + tokens[order[i]] > maxTokens))
            {
                batches.Add(order[start..i]);
                (start, sum) = (i, 0);
            }

            sum += tokens[order[i]];
        }

        batches.Add(order[start..]);
        return batches;
    }

    /// <summary>
    /// Without a tokenizer, assumes three characters per token: prose has more, but code, numbers and many languages do not.
    /// </summary>
    internal static int Estimate(string text) => (text.Length + 2) / 3;
}
