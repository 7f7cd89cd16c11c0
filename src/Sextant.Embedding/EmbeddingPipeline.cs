using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sextant.Embedding.Caching;
using Sextant.Embedding.Pipeline;
using Sextant.Tokenizers;

namespace Sextant.Embedding;

/// <summary>
/// The pipeline between a caller and a model, the same for built-in, local and hosted models. A text passes through these steps in order:
/// <list type="number">
/// <item>cleaning: line breaks and control characters become spaces, lone surrogates become U+FFFD;</item>
/// <item>texts over the model's limit are rejected, truncated or split (<see cref="OverflowPolicy"/>);</item>
/// <item>empty texts become the zero vector, unless the model has one for them (<see cref="EmbeddingLimits.AcceptsEmptyText"/>);</item>
/// <item>the prompt of its <see cref="EmbeddingRole"/> is prepended;</item>
/// <item>
/// the cache: cached texts are not sent again, and concurrent requests for the same text are sent once. A model that is faster than
/// the file cache does not use it (<see cref="EmbeddingLimits.UseFileCache"/>);
/// </item>
/// <item>batches of texts of similar length, limited by texts and tokens; each is cached before the next is sent;</item>
/// </list>
/// Its vector then passes through the model's adapter, if any, is checked, truncated to the requested dimensions and scaled to length 1.
/// Results are in the order of the texts.
/// </summary>
public static class EmbeddingPipeline
{
    /// <summary>
    /// The name of the meter whose counter <c>sextant.cache.texts</c> counts cache hits and misses by <c>sextant.model</c> and
    /// <c>sextant.cache.result</c>.
    /// </summary>
    public const string MeterName = "Sextant";

    /// <summary>Wraps <paramref name="model"/>, which is disposed with the result.</summary>
    /// <param name="model">
    /// Any embedding generator. Without a <see cref="ModelProfile"/> its vectors are not cached (nothing says which model they are of)
    /// and its texts have no limit.
    /// </param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="model"/> is a pipeline already: its prompts would be put twice.</exception>
    /// <exception cref="InputException">The model does not give vectors of <see cref="EmbeddingPipelineOptions.Dimensions"/>.</exception>
    public static IEmbeddingGenerator<string, Embedding<float>> Wrap(
        IEmbeddingGenerator<string, Embedding<float>> model,
        EmbeddingPipelineOptions? options = null
    ) => Wrap(model, options, keeps: true);

    /// <summary>Whether a generator has a pipeline around it already.</summary>
    public static bool IsWrapped(IEmbeddingGenerator<string, Embedding<float>> generator) =>
        (generator ?? throw new ArgumentNullException(nameof(generator))).GetService<ShapingEmbeddingGenerator>() is not null;

    /// <summary>The same pipeline around a model that only counts: what it gives is never kept.</summary>
    internal static IEmbeddingGenerator<string, Embedding<float>> WrapToCount(
        CountingEmbeddingGenerator model,
        EmbeddingPipelineOptions options
    ) => Wrap(model, options, keeps: false);

    private static ShapingEmbeddingGenerator Wrap(
        IEmbeddingGenerator<string, Embedding<float>> model,
        EmbeddingPipelineOptions? options,
        bool keeps
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        if (IsWrapped(model))
        {
            throw new ArgumentException("The generator already has a pipeline.", nameof(model));
        }

        options ??= new EmbeddingPipelineOptions();
        ILogger logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Sextant.Embedding");
        ModelProfile? profile = model.GetService<ModelProfile>();
        EmbeddingLimits limits = model.GetService<EmbeddingLimits>() ?? new EmbeddingLimits();
        ITokenCounter? counter = model.GetService<ITokenCounter>();

        // From the model outwards.
        IEmbeddingGenerator<string, Embedding<float>> chain = model;
        if (options.UseCache && profile is not null && FindCache(options, limits) is { } cache)
        {
            chain = keeps ? new CacheWritingEmbeddingGenerator(chain, cache, profile) : chain;
            chain = new BatchingEmbeddingGenerator(chain, limits, counter);
            chain = new CachingEmbeddingGenerator(chain, cache, profile, ownsCache: options.Cache is null);
        }
        else
        {
            chain = new BatchingEmbeddingGenerator(chain, limits, counter);
        }

        if (profile is { QueryPrompt: not "" } or { DocumentPrompt: not "" })
        {
            chain = new PromptingEmbeddingGenerator(chain, profile);
        }

        if (!limits.AcceptsEmptyText)
        {
            chain = new EmptyTextEmbeddingGenerator(chain, profile);
        }

        if (profile?.MaxTokens is not null && counter is not null)
        {
            chain = new OverflowEmbeddingGenerator(chain, profile, counter, options.Overflow, logger);
        }

        chain = new CleaningEmbeddingGenerator(chain);
        if (profile is not null && model.GetService<IVectorAdapter>() is { } adapter)
        {
            chain = new AdaptingEmbeddingGenerator(chain, adapter, profile);
            profile = chain.GetService<ModelProfile>();
        }

        return new ShapingEmbeddingGenerator(chain, profile, options.Dimensions, logger);
    }

    private static IEmbeddingCache? FindCache(EmbeddingPipelineOptions options, EmbeddingLimits limits) =>
        options.Cache ?? (limits.UseFileCache ? FileCache.Open(options) : null);
}
