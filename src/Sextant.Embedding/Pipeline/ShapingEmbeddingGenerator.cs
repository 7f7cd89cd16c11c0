using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Sextant.Embedding.Pipeline;

/// <summary>
/// The outermost step: checks the vectors that came back, cuts them to the length asked for (Matryoshka; Kusupati et al. 2022,
/// arXiv:2205.13147) and scales them to length 1. The model is always asked for whole vectors, so that
/// one entry of the cache serves every length. Zero vectors stay zero.
/// </summary>
internal sealed class ShapingEmbeddingGenerator : EmbeddingLayer
{
    // A vector with a length this close to 1 is already normalized; scaling it again would only change its last bits.
    private const float LengthTolerance = 1e-4f;

    private readonly ModelProfile? _profile;
    private readonly int? _dimensions;

    public ShapingEmbeddingGenerator(
        IEmbeddingGenerator<string, Embedding<float>> inner,
        ModelProfile? profile,
        int? dimensions,
        ILogger logger
    )
        : base(inner)
    {
        _profile = profile;
        RequirePossible(dimensions, profile);
        // The model's full dimensions need no truncation.
        _dimensions = dimensions == profile?.Dimensions ? null : dimensions;
        if (profile is { MatryoshkaDimensions.Count: 0 } && dimensions < profile.Dimensions)
        {
            logger.LogWarning(
                "{Model} was not trained for shorter vectors; {Dimensions} of its {All} dimensions may be much less accurate",
                profile.Name,
                dimensions,
                profile.Dimensions
            );
        }
    }

    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        object? service = base.GetService(serviceType, serviceKey);
        // Code that stores the vectors must see their final dimensions.
        return (service, _dimensions) switch
        {
            (ModelProfile profile, { } cut) => profile with { Dimensions = cut, Normalized = true },
            (EmbeddingGeneratorMetadata data, { } cut) => new EmbeddingGeneratorMetadata(
                data.ProviderName,
                data.ProviderUri,
                data.DefaultModelId,
                cut
            ),
            _ => service,
        };
    }

    protected override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IReadOnlyList<string> texts,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellationToken
    )
    {
        int? dimensions = options?.Dimensions ?? _dimensions;
        RequirePossible(dimensions, _profile);
        if (options?.Dimensions is not null)
        {
            options = options.Clone();
            options.Dimensions = null;
        }

        GeneratedEmbeddings<Embedding<float>> generated = await AskAsync(texts, options, cancellationToken).ConfigureAwait(false);
        return With(generated, [.. generated.Select((embedding, index) => Shape(embedding, dimensions, index))]);
    }

    private Embedding<float> Shape(Embedding<float> embedding, int? dimensions, int index)
    {
        ReadOnlySpan<float> vector = embedding.Vector.Span;
        if (_profile is not null && vector.Length != _profile.Dimensions)
        {
            throw new SextantException($"{_profile.Name} returned a vector of {vector.Length} dimensions, expected {_profile.Dimensions}");
        }

        RequirePossible(dimensions, _profile, vector.Length);
        bool cut = dimensions < vector.Length;
        vector = vector[..(dimensions ?? vector.Length)];
        float length = TensorPrimitives.Norm(vector);
        if (!float.IsFinite(length))
        {
            throw new SextantException($"{_profile?.Name ?? "the model"} returned a vector with NaN or infinity for text {index + 1}");
        }

        bool normalize = length > 0 && (cut || _profile is not { Normalized: false }) && MathF.Abs(length - 1) > LengthTolerance;
        if (!cut && !normalize)
        {
            return embedding;
        }

        // The vector may be shared with the cache's other readers: never changed in place.
        float[] shaped = vector.ToArray();
        if (normalize)
        {
            TensorPrimitives.Divide(shaped, length, shaped);
        }

        return new Embedding<float>(shaped)
        {
            ModelId = embedding.ModelId,
            CreatedAt = embedding.CreatedAt,
            AdditionalProperties = embedding.AdditionalProperties,
        };
    }

    /// <summary>Rejects dimensions that a model does not support.</summary>
    /// <param name="dimensions">The requested dimensions, if any.</param>
    /// <param name="profile">The model's profile, if known.</param>
    /// <param name="available">The model's dimensions; those of the profile when <see langword="null"/>.</param>
    internal static void RequirePossible(int? dimensions, ModelProfile? profile, int? available = null)
    {
        available ??= profile?.Dimensions;
        if (dimensions <= 0 || dimensions > available)
        {
            string lengths = profile is { MatryoshkaDimensions: { Count: > 0 } list } ? $" (trained for {string.Join(", ", list)})" : "";
            string gives = available is null ? "" : $"{profile?.Name ?? "the model"} returns vectors of {available} dimensions{lengths}; ";
            throw new InputException($"{gives}{dimensions} were requested");
        }
    }
}
