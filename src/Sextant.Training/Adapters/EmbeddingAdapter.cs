using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sextant.Embedding;
using Sextant.Models.Safetensors;

namespace Sextant.Training.Adapters;

/// <summary>
/// A map over the vectors of an unchanged model, with output of length 1. It tunes models without access to their weights, such as hosted
/// ones. If applied to queries only, stored vectors stay valid. Stored as one safetensors file, with its training as metadata. Immutable.
/// </summary>
public sealed class EmbeddingAdapter : IVectorAdapter
{
    private readonly AdapterWeights _weights;

    internal EmbeddingAdapter(AdapterWeights weights, bool queriesOnly, string baseModel, string fingerprint)
    {
        (_weights, QueriesOnly, BaseModel, BaseFingerprint) = (weights, queriesOnly, baseModel, fingerprint);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((_, float[] values, _) in weights.Tensors())
        {
            hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan()));
        }

        Revision = Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    /// <summary>The kind of adapter.</summary>
    public AdapterKind Kind => _weights.Hidden > 0 ? AdapterKind.Mlp : AdapterKind.Linear;

    /// <summary>The length of the vectors it takes and gives.</summary>
    public int Dimensions => _weights.Dimensions;

    /// <summary>Whether documents keep the model's own vectors, so that nothing has to be embedded again.</summary>
    public bool QueriesOnly { get; }

    /// <summary>The name of the model that it was trained over.</summary>
    public string BaseModel { get; }

    /// <summary>The fingerprint of that model.</summary>
    public string BaseFingerprint { get; }

    /// <summary>A hash of the map, which distinguishes two adapters of one model.</summary>
    public string Revision { get; }

    /// <summary>Reads an adapter.</summary>
    /// <exception cref="InputException">The file does not exist, is damaged, or is not an adapter.</exception>
    public static EmbeddingAdapter Load(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        string covers =
            file.Metadata.GetValueOrDefault("sextant_adapter")
            ?? throw new InputException($"{path}: not an adapter (no adapter in its metadata)");
        return new EmbeddingAdapter(
            AdapterWeights.Read(file, path),
            covers == "queries",
            file.Metadata.GetValueOrDefault("base_model") ?? "",
            file.Metadata.GetValueOrDefault("base_fingerprint") ?? ""
        );
    }

    /// <summary>Writes the adapter; the file appears under its name only when it is complete.</summary>
    public void Save(string path)
    {
        var file = new SafetensorsWriter();
        _weights.AddTo(file);
        file.AddMetadata("sextant_adapter", QueriesOnly ? "queries" : "all");
        file.AddMetadata("base_model", BaseModel);
        file.AddMetadata("base_fingerprint", BaseFingerprint);
        file.AddMetadata("dimensions", Dimensions.ToString(CultureInfo.InvariantCulture));
        file.Save(path);
    }

    /// <summary>Maps one vector. A zero vector stays zero.</summary>
    /// <param name="vector">Exactly <see cref="Dimensions"/> long.</param>
    public float[] Apply(ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, Dimensions, nameof(vector));
        if (!vector.ContainsAnyExcept(0f))
        {
            return new float[Dimensions];
        }

        float[] mapped = _weights.Apply(vector);
        float length = TensorPrimitives.Norm<float>(mapped);
        if (length > 0)
        {
            TensorPrimitives.Divide(mapped, length, mapped);
        }

        return mapped;
    }

    /// <summary>The profile of the adapted model: the model's own vector space if only queries change, a separate one otherwise.</summary>
    /// <exception cref="InputException">It was trained over another model.</exception>
    ModelProfile IVectorAdapter.Describe(ModelProfile model) =>
        model.Fingerprint != BaseFingerprint
            ? throw new InputException(
                $"the adapter was trained over {BaseModel} ({BaseFingerprint}), not over {model.Name} ({model.Fingerprint}); train it again"
            )
        : QueriesOnly ? model
        : model with { Revision = $"{model.Revision}+{Revision}", Normalized = true };

    float[] IVectorAdapter.Apply(ReadOnlySpan<float> vector, EmbeddingRole role) =>
        QueriesOnly && role != EmbeddingRole.Query ? vector.ToArray() : Apply(vector);
}
