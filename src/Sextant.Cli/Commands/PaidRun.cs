using System.CommandLine;
using System.Globalization;
using Sextant.Embedding;
using Sextant.Sources;

namespace Sextant.Cli.Commands;

/// <summary>What commands that may cost money share: <c>--max-cost</c>, <c>--overflow</c>, and the count before anything is sent.</summary>
internal static class PaidRun
{
    /// <summary>How many texts are counted at a time.</summary>
    public const int BatchSize = 1024;

    public static Option<float?> MaxCost() =>
        NumberOption.Between("--max-cost", "Stop before sending anything if it would cost more than this many dollars", 0, 1_000_000);

    public static Option<OverflowPolicy?> LongTexts(OverflowPolicy byDefault) =>
        ChoiceOption.Create(
            "--overflow",
            $"For texts over the model's limit: stop, truncate them, or embed them in chunks [default: "
                + $"{byDefault.ToString().ToLowerInvariant()}]",
            ("error", OverflowPolicy.Error),
            ("truncate", OverflowPolicy.Truncate),
            ("chunk", OverflowPolicy.Chunk)
        );

    /// <summary>Estimates the cost of embedding <paramref name="texts"/>.</summary>
    public static async Task<EmbeddingCost> EstimateAsync(
        string model,
        EmbeddingPipelineOptions pipeline,
        EmbeddingRole role,
        IAsyncEnumerable<string> texts,
        CancellationToken cancellationToken
    )
    {
        using EmbeddingCostEstimator estimator = await ChosenModel.CountingRegistry.OpenCostEstimatorAsync(
            model,
            pipeline,
            cancellationToken
        );
        await foreach (string[] batch in texts.Chunk(BatchSize).WithCancellation(cancellationToken))
            await estimator.AddAsync(batch, role, cancellationToken);
        return estimator.Total;
    }

    /// <summary>Estimates the cost of embedding texts of several roles.</summary>
    public static async Task<EmbeddingCost> EstimateAsync(
        string model,
        EmbeddingPipelineOptions pipeline,
        IReadOnlyDictionary<EmbeddingRole, IReadOnlyList<string>> texts,
        CancellationToken cancellationToken
    )
    {
        using EmbeddingCostEstimator estimator = await ChosenModel.CountingRegistry.OpenCostEstimatorAsync(
            model,
            pipeline,
            cancellationToken
        );
        foreach ((EmbeddingRole role, IReadOnlyList<string> all) in texts)
            await estimator.AddAsync(all, role, cancellationToken);
        return estimator.Total;
    }

    /// <summary>Estimates the cost of indexing <paramref name="sources"/>.</summary>
    public static async Task<EmbeddingCost> EstimateAsync(
        string model,
        EmbeddingPipelineOptions pipeline,
        IReadOnlyList<string> sources,
        CollectionIndexerOptions indexing,
        CancellationToken cancellationToken
    )
    {
        using EmbeddingCostEstimator estimator = await ChosenModel.CountingRegistry.OpenCostEstimatorAsync(
            model,
            pipeline,
            cancellationToken
        );
        IAsyncEnumerable<string> texts = CollectionIndexer.ReadTextsAsync(
            sources,
            indexing,
            estimator.Counter,
            estimator.Profile ?? throw new InputException($"{model} does not report its name and dimensions"),
            cancellationToken
        );
        await foreach (string[] batch in texts.Chunk(indexing.BatchSize).WithCancellation(cancellationToken))
            await estimator.AddAsync(batch, EmbeddingRole.Document, cancellationToken);
        return estimator.Total;
    }

    /// <exception cref="InputException">The cost exceeds <paramref name="maxCost"/>, or is unknown.</exception>
    public static void Require(EmbeddingCost cost, float maxCost)
    {
        if (cost.Usd is not { } usd)
        {
            throw new InputException(
                $"the price of {cost.Model} is unknown, so --max-cost cannot be enforced; omit --max-cost, or add the price to your catalog"
            );
        }

        if (usd > (decimal)maxCost)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"this would cost {UsageNote.Dollars(usd)} ({cost.Tokens:N0} tokens, {cost.Requests:N0} requests), more than "
                        + $"--max-cost {maxCost}; nothing was sent"
                )
            );
        }
    }
}
