using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Sextant.Models.Safetensors;

namespace Sextant.Training.Adapters;

/// <summary>
/// A linear map over the vectors of a model that itself stays as it is: y = W·x, scaled to length 1. It tunes models whose
/// weights are out of reach, hosted ones above all. Applied to queries alone it leaves stored vectors valid.
/// Kept as one safetensors file with the tensor <c>weight</c> [d, d] and what it was trained for as metadata. Immutable.
/// </summary>
public sealed class LinearAdapter
{
    private readonly float[] _weight;

    internal LinearAdapter(float[] weight, int dimensions, bool queriesOnly, string model)
    {
        (_weight, Dimensions, QueriesOnly, Model) = (weight, dimensions, queriesOnly, model);
    }

    /// <summary>The length of the vectors it takes and gives.</summary>
    public int Dimensions { get; }

    /// <summary>Whether documents keep the model's own vectors, so that nothing has to be embedded again.</summary>
    public bool QueriesOnly { get; }

    /// <summary>The fingerprint of the model that it was trained over.</summary>
    public string Model { get; }

    /// <summary>A hash of the map, which tells two adapters of one model apart.</summary>
    public string Revision => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(_weight.AsSpan())).AsSpan(0, 8));

    /// <summary>Reads an adapter.</summary>
    /// <exception cref="InputException">The file is not there, damaged, or no adapter.</exception>
    public static LinearAdapter Load(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (!file.Tensors.TryGetValue("weight", out SafetensorsTensor? tensor) || tensor.Shape is not [> 0 and <= 1 << 14, _]
            || tensor.Shape[0] != tensor.Shape[1] || file.Metadata.GetValueOrDefault("sextant_adapter") is null)
        {
            throw new InputException($"{path}: not an adapter (expected a square tensor 'weight' written by Sextant)");
        }

        return new LinearAdapter(
            file.ReadSingles("weight"), (int)tensor.Shape[0],
            file.Metadata["sextant_adapter"] == "queries", file.Metadata.GetValueOrDefault("model") ?? "");
    }

    /// <summary>Writes the adapter; the file appears under its name only when it is complete.</summary>
    public void Save(string path)
    {
        var file = new SafetensorsWriter();
        file.Add("weight", [Dimensions, Dimensions], _weight);
        file.AddMetadata("sextant_adapter", QueriesOnly ? "queries" : "all");
        file.AddMetadata("model", Model);
        file.AddMetadata("dimensions", Dimensions.ToString(CultureInfo.InvariantCulture));
        file.Save(path);
    }

    /// <summary>Maps one vector. A zero vector stays zero.</summary>
    /// <param name="vector">Exactly <see cref="Dimensions"/> long.</param>
    public float[] Apply(ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, Dimensions, nameof(vector));
        float[] mapped = new float[Dimensions];
        for (int i = 0; i < mapped.Length; i++)
        {
            mapped[i] = TensorPrimitives.Dot(_weight.AsSpan(i * Dimensions, Dimensions), vector);
        }

        float length = TensorPrimitives.Norm<float>(mapped);
        if (length > 0)
        {
            TensorPrimitives.Divide(mapped, length, mapped);
        }

        return mapped;
    }
}
