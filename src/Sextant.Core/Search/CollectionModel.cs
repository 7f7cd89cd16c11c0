using System.Globalization;
using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Numerics;
using Sextant.Search.Storage;

namespace Sextant.Search;

/// <summary>
/// The model of one collection: turns documents and queries into vectors of length 1, and sees to it that no vector
/// of another space ever gets in.
/// </summary>
internal sealed class CollectionModel : IDisposable
{
    // The vector dimensions requested by the options of the engine.
    private int? _asked;

    private CollectionModel(IEmbeddingGenerator<string, Embedding<float>> generator, ModelProfile profile)
    {
        Generator = generator;
        Profile = profile;
    }

    public ModelProfile Profile { get; }

    /// <summary>The fingerprint of the collection whose model this was found to be; its vectors are good for that one only.</summary>
    public string? Space { get; private set; }

    public IEmbeddingGenerator<string, Embedding<float>> Generator { get; }

    /// <summary>Opens the model that the options name, or the one that the collection was made with, or the built-in one.</summary>
    public static async Task<CollectionModel> OpenAsync(
        SemanticSearchEngineOptions options, Manifest? manifest, CancellationToken cancellationToken)
    {
        if (options is { Generator: null, Model: null } && manifest is not null && VectorsOnly.Is(manifest.Model))
            return WithoutModel(manifest.Dimensions);
        EmbeddingPipelineOptions pipeline = options.Pipeline ?? new();
        if (pipeline.Dimensions is null && manifest?.CutTo is { } cut) pipeline = pipeline with { Dimensions = cut };
        IEmbeddingGenerator<string, Embedding<float>> generator = options.Generator is { } given
            ? Borrow(given, pipeline)
            : await (options.Models ?? ModelRegistry.Default).OpenAsync(
                options.Model ?? manifest?.Model.Name ?? StaticModelProvider.BuiltInModel,
                pipeline,
                cancellationToken).ConfigureAwait(false);
        try
        {
            return new(generator, await ProfileOfAsync(generator, cancellationToken).ConfigureAwait(false)) { _asked = options.Pipeline?.Dimensions };
        }
        catch
        {
            generator.Dispose();
            throw;
        }
    }

    /// <summary>No model, for vectors of unknown origin.</summary>
    public static CollectionModel WithoutModel(int dimensions)
    {
        ModelProfile profile = VectorsOnly.Profile(dimensions);
        return new(new VectorsOnly(profile), profile);
    }

    /// <exception cref="InputException">The collection was made with another model.</exception>
    public void Require(Manifest manifest, string collection)
    {
        Space = manifest.Fingerprint;
        if (Profile.Fingerprint == manifest.Fingerprint) return;
        if (VectorsOnly.Is(manifest.Model))
        {
            // If the collection records no model, the model named by the caller is trusted.
            if (Profile.Dimensions == manifest.Dimensions) return;
            throw new InputException(string.Create(CultureInfo.InvariantCulture,
                $"{collection} holds vectors of {manifest.Dimensions} dimensions, and {Profile.Name} gives {Profile.Dimensions}: name the model that made them"));
        }

        if (Profile.Name == manifest.Model.Name && Profile.Dimensions != manifest.Dimensions)
        {
            string way = _asked is null
                ? "another model answers under this name, so bring back the one it was made with"
                : "ask for no other length";
            throw new InputException(string.Create(CultureInfo.InvariantCulture,
                $"{collection} holds vectors of {manifest.Dimensions} dimensions of {Profile.Name}, not of {Profile.Dimensions}: {way}, or index the sources again into another collection"))
            {
                RelatedOptions = _asked is null ? [] : [nameof(EmbeddingPipelineOptions.Dimensions)],
            };
        }

        string cure = Profile.Name == manifest.Model.Name
            ? $"this is another edition of {Profile.Name}, so index the sources again into another collection"
            : $"open it with {manifest.Model.Name}, or index the sources again into another collection";
        throw new InputException($"{collection} was made with {manifest.Model.Name} ({manifest.Fingerprint}) and cannot be used with "
            + $"{Profile.Name} ({Profile.Fingerprint}), because vectors of two models do not compare: {cure}")
        {
            RelatedOptions = Profile.Name == manifest.Model.Name ? [] : [nameof(SemanticSearchEngineOptions.Model)],
        };
    }

    public async Task<float[]> EmbedQueryAsync(string query, CancellationToken cancellationToken) =>
        (await EmbedAsync([query], EmbeddingRole.Query, cancellationToken).ConfigureAwait(false))[0];

    public async Task<float[][]> EmbedAsync(IReadOnlyList<string> texts, EmbeddingRole role, CancellationToken cancellationToken)
    {
        if (texts.Count == 0) return [];
        GeneratedEmbeddings<Embedding<float>> embeddings =
            await Generator.GenerateAsync(texts, new EmbeddingGenerationOptions().WithRole(role), cancellationToken).ConfigureAwait(false);
        if (embeddings.Count != texts.Count)
            throw new SextantException(string.Create(CultureInfo.InvariantCulture,
                $"{Profile.Name} gave {embeddings.Count} vectors for {texts.Count} texts"));
        return [.. embeddings.Select(e => Unit(e.Vector, Profile.Dimensions, Profile.Name))];
    }

    /// <summary>A copy of <paramref name="vector"/> of length 1; a vector of zeros stays one, and is similar to nothing.</summary>
    /// <exception cref="InputException">It is not a vector of this space.</exception>
    public static float[] Unit(ReadOnlyMemory<float> vector, int dimensions, string from)
    {
        if (vector.Length != dimensions)
            throw new InputException(string.Create(CultureInfo.InvariantCulture,
                $"a vector of {from} has {vector.Length} dimensions where {dimensions} are expected"));
        float[] unit = vector.ToArray();
        if (!VectorMath.Normalize(unit) && !VectorMath.IsFinite(unit))
            throw new InputException($"a vector of {from} holds a value that is not a finite number");
        return unit;
    }

    public void Dispose() => Generator.Dispose();

    // Any other generator is wrapped in a pipeline, so that prompts, batches and the cache work the same for every model.
    private static IEmbeddingGenerator<string, Embedding<float>> Borrow(
        IEmbeddingGenerator<string, Embedding<float>> given, EmbeddingPipelineOptions options)
    {
        BorrowedGenerator borrowed = new(given);
        return EmbeddingPipeline.IsWrapped(given) ? borrowed : EmbeddingPipeline.Wrap(borrowed, options);
    }

    // A generator from elsewhere knows no ModelProfile; what it says of itself, and the length of what it gives, must do.
    private static async Task<ModelProfile> ProfileOfAsync(
        IEmbeddingGenerator<string, Embedding<float>> generator, CancellationToken cancellationToken)
    {
        if (generator.GetService(typeof(ModelProfile)) is ModelProfile profile) return profile;
        var metadata = generator.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;
        int dimensions = metadata?.DefaultModelDimensions
            ?? (await generator.GenerateAsync(["dimensions"], cancellationToken: cancellationToken).ConfigureAwait(false))[0].Vector.Length;
        return new()
        {
            Name = metadata?.DefaultModelId ?? generator.GetType().Name,
            Provider = metadata?.ProviderName ?? "custom",
            Dimensions = dimensions,
        };
    }

    /// <summary>A generator that stays its owner's to dispose.</summary>
    private sealed class BorrowedGenerator(IEmbeddingGenerator<string, Embedding<float>> inner)
        : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
    {
        // The caller gave it, and the caller may use it elsewhere: the inner one is left alone.
        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }
}
