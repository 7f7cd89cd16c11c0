using System.Globalization;
using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Numerics;
using Sextant.Search.Storage;

namespace Sextant.Search;

/// <summary>
/// The embedding model of a collection: computes vectors of length 1 for documents and queries, and is checked against the manifest of the
/// collection, so that vectors of two models never mix.
/// </summary>
public sealed class CollectionModel : IDisposable
{
    // The vector dimensions requested by the options of the engine.
    private int? _asked;

    private CollectionModel(IEmbeddingGenerator<string, Embedding<float>> generator, ModelProfile profile)
    {
        Generator = generator;
        Profile = profile;
    }

    /// <summary>The profile of the model.</summary>
    public ModelProfile Profile { get; }

    /// <summary>The fingerprint of the collection whose model this was found to be; its vectors are good for that one only.</summary>
    internal string? ModelFingerprint { get; private set; }

    internal IEmbeddingGenerator<string, Embedding<float>> Generator { get; }

    /// <summary>Opens the model that the options name, or the one that the collection was created with, or the built-in one.</summary>
    /// <param name="options">Name the model, or give it.</param>
    /// <param name="manifest">The manifest of the collection; <see langword="null"/> for a new one.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="InputException">The model is not there.</exception>
    /// <exception cref="SextantException">The model cannot be opened.</exception>
    public static async Task<CollectionModel> OpenAsync(
        SemanticSearchEngineOptions options,
        Manifest? manifest = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options is { Generator: null, Model: null } && manifest is not null && VectorsOnly.Is(manifest.Model))
            return CreateVectorsOnly(manifest.Dimensions);
        EmbeddingPipelineOptions pipeline = options.Pipeline ?? new();
        if (pipeline.Dimensions is null && manifest?.TruncatedDimensions is { } cut)
            pipeline = pipeline with { Dimensions = cut };
        IEmbeddingGenerator<string, Embedding<float>> generator = options.Generator is { } given
            ? Borrow(given, pipeline)
            : await (options.Models ?? ModelRegistry.Default)
                .OpenAsync(options.Model ?? manifest?.Model.Name ?? StaticModelProvider.BuiltInModel, pipeline, cancellationToken)
                .ConfigureAwait(false);
        try
        {
            return new(generator, await ProfileOfAsync(generator, cancellationToken).ConfigureAwait(false))
            {
                _asked = options.Pipeline?.Dimensions,
            };
        }
        catch
        {
            generator.Dispose();
            throw;
        }
    }

    /// <summary>No model: for a collection of vectors whose model is not known. It throws when a text is to be embedded.</summary>
    /// <param name="dimensions">The length of the vectors.</param>
    public static CollectionModel CreateVectorsOnly(int dimensions)
    {
        ModelProfile profile = VectorsOnly.Profile(dimensions);
        return new(new VectorsOnly(profile), profile);
    }

    /// <summary>Whether a collection with this profile holds vectors whose model is not known (<see cref="CreateVectorsOnly"/>).</summary>
    /// <param name="profile">The profile of the collection's model.</param>
    public static bool IsVectorsOnly(ModelProfile profile) => VectorsOnly.Is(profile ?? throw new ArgumentNullException(nameof(profile)));

    /// <exception cref="InputException">The collection was made with another model.</exception>
    internal void Require(Manifest manifest, string collection)
    {
        ModelFingerprint = manifest.Fingerprint;
        if (Profile.Fingerprint == manifest.Fingerprint)
            return;
        if (VectorsOnly.Is(manifest.Model))
        {
            // If the collection records no model, the model named by the caller is trusted.
            if (Profile.Dimensions == manifest.Dimensions)
                return;
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{collection} has vectors of {manifest.Dimensions} dimensions, and {Profile.Name} returns {Profile.Dimensions}: "
                        + $"name the model that computed them"
                )
            );
        }

        if (Profile.Name == manifest.Model.Name && Profile.Dimensions != manifest.Dimensions)
        {
            string way = _asked is null
                ? "this name now refers to another model; restore the one that the collection was created with"
                : "do not set the dimensions";
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{collection} has vectors of {manifest.Dimensions} dimensions of {Profile.Name}, not of {Profile.Dimensions}: "
                        + $"{way}, or index the sources again into another collection"
                )
            )
            {
                RelatedOptions = _asked is null ? [] : [nameof(EmbeddingPipelineOptions.Dimensions)],
            };
        }

        string cure =
            Profile.Name == manifest.Model.Name
                ? $"this is another revision of {Profile.Name}, so index the sources again into another collection"
                : $"open it with {manifest.Model.Name}, or index the sources again into another collection";
        throw new InputException(
            $"{collection} was created with {manifest.Model.Name} ({manifest.Fingerprint}) and cannot be used with "
                + $"{Profile.Name} ({Profile.Fingerprint}), because vectors of different models are not comparable: {cure}"
        )
        {
            RelatedOptions = Profile.Name == manifest.Model.Name ? [] : [nameof(SemanticSearchEngineOptions.Model)],
        };
    }

    /// <summary>Embeds a query.</summary>
    /// <returns>A vector of length 1; zeros when the model knows no part of the query.</returns>
    public async Task<float[]> EmbedQueryAsync(string query, CancellationToken cancellationToken = default) =>
        (await EmbedAsync([query], EmbeddingRole.Query, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Embeds texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="role">What they are.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>For each text a vector of length 1; zeros where the model knows no part of the text.</returns>
    /// <exception cref="SextantException">The model failed.</exception>
    public async Task<float[][]> EmbedAsync(IReadOnlyList<string> texts, EmbeddingRole role, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0)
            return [];
        GeneratedEmbeddings<Embedding<float>> embeddings = await Generator
            .GenerateAsync(texts, new EmbeddingGenerationOptions().WithRole(role), cancellationToken)
            .ConfigureAwait(false);
        if (embeddings.Count != texts.Count)
        {
            throw new SextantException(
                string.Create(CultureInfo.InvariantCulture, $"{Profile.Name} returned {embeddings.Count} vectors for {texts.Count} texts")
            );
        }
        return [.. embeddings.Select(e => ToUnitVector(e.Vector, Profile.Dimensions, Profile.Name))];
    }

    /// <summary>Copies a vector and scales it to length 1. A vector of zeros stays one, and is similar to nothing.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="dimensions">The length that it must have.</param>
    /// <param name="from">What the vector is of, for the message.</param>
    /// <exception cref="InputException">The vector has another length, or holds NaN or infinity.</exception>
    public static float[] ToUnitVector(ReadOnlyMemory<float> vector, int dimensions, string from)
    {
        RequireLength(vector, dimensions, from);
        float[] unit = vector.ToArray();
        return VectorMath.Normalize(unit) || VectorMath.IsFinite(unit) ? unit : throw NotFinite(from);
    }

    /// <summary>Copies a vector as a collection compares it: scaled to length 1 where its metric is the cosine.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="manifest">The manifest of the collection.</param>
    /// <param name="from">What the vector is of, for the message.</param>
    /// <exception cref="InputException">The vector has another length, or holds NaN or infinity.</exception>
    public static float[] ToComparedVector(ReadOnlyMemory<float> vector, Manifest manifest, string from)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        if (manifest.Metric == SimilarityMetric.Cosine)
            return ToUnitVector(vector, manifest.Dimensions, from);
        RequireLength(vector, manifest.Dimensions, from);
        return VectorMath.IsFinite(vector.Span) ? vector.ToArray() : throw NotFinite(from);
    }

    /// <summary>Disposes the model, unless it was given in <see cref="SemanticSearchEngineOptions.Generator"/>.</summary>
    public void Dispose() => Generator.Dispose();

    private static void RequireLength(ReadOnlyMemory<float> vector, int dimensions, string from)
    {
        if (vector.Length != dimensions)
        {
            throw new InputException(
                string.Create(CultureInfo.InvariantCulture, $"a vector of {from} has {vector.Length} dimensions, expected {dimensions}")
            );
        }
    }

    private static InputException NotFinite(string from) => new($"a vector of {from} contains a value that is not a finite number");

    // Any other generator is wrapped in a pipeline, so that prompts, batches and the cache work the same for every model.
    private static IEmbeddingGenerator<string, Embedding<float>> Borrow(
        IEmbeddingGenerator<string, Embedding<float>> given,
        EmbeddingPipelineOptions options
    )
    {
        BorrowedGenerator borrowed = new(given);
        return EmbeddingPipeline.IsWrapped(given) ? borrowed : EmbeddingPipeline.Wrap(borrowed, options);
    }

    // A generator from elsewhere knows no ModelProfile; what it says of itself, and the length of what it gives, must do.
    private static async Task<ModelProfile> ProfileOfAsync(
        IEmbeddingGenerator<string, Embedding<float>> generator,
        CancellationToken cancellationToken
    )
    {
        if (generator.GetService(typeof(ModelProfile)) is ModelProfile profile)
            return profile;
        var metadata = generator.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;
        int dimensions =
            metadata?.DefaultModelDimensions
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
