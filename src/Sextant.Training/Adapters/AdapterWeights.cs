using System.Numerics.Tensors;
using Sextant.Models.Safetensors;

namespace Sextant.Training.Adapters;

/// <summary>The numbers of an adapter: <c>weight</c> W [d, d], and for two layers <c>hidden.weight</c> U [h, d], <c>hidden.bias</c> b [h]
/// and <c>output.weight</c> V [d, h].</summary>
internal sealed class AdapterWeights
{
    private const int MaxDimensions = 1 << 14;

    /// <summary>An adapter that changes nothing, which is where training begins.</summary>
    /// <param name="dimensions">The length of its vectors.</param>
    /// <param name="hidden">The width between the two layers; 0 for a linear map.</param>
    public AdapterWeights(int dimensions, int hidden)
    {
        (Dimensions, Hidden) = (dimensions, hidden);
        Weight = new float[dimensions * dimensions];
        HiddenWeight = new float[hidden * dimensions];
        HiddenBias = new float[hidden];
        OutputWeight = new float[dimensions * hidden];
        for (int i = 0; i < dimensions; i++)
        {
            Weight[(i * dimensions) + i] = 1;
        }
    }

    public int Dimensions { get; }

    public int Hidden { get; }

    public float[] Weight { get; }

    public float[] HiddenWeight { get; }

    public float[] HiddenBias { get; }

    public float[] OutputWeight { get; }

    /// <summary>Every tensor with its rows' length.</summary>
    public IEnumerable<(string Name, float[] Values, int Columns)> Tensors()
    {
        yield return ("weight", Weight, Dimensions);
        if (Hidden > 0)
        {
            yield return ("hidden.weight", HiddenWeight, Dimensions);
            yield return ("hidden.bias", HiddenBias, Hidden);
            yield return ("output.weight", OutputWeight, Hidden);
        }
    }

    /// <summary>Maps one vector, without scaling it.</summary>
    public float[] Apply(ReadOnlySpan<float> vector)
    {
        float[] mapped = new float[Dimensions];
        Add(Weight, vector, mapped);
        if (Hidden > 0)
        {
            float[] inner = [.. HiddenBias];
            Add(HiddenWeight, vector, inner);
            TensorPrimitives.Max(inner, 0f, inner);
            Add(OutputWeight, inner, mapped);
        }

        return mapped;
    }

    public void AddTo(SafetensorsWriter file)
    {
        foreach ((string name, float[] values, int columns) in Tensors())
        {
            file.Add(name, values.Length == columns ? [columns] : [values.Length / columns, columns], values);
        }
    }

    /// <exception cref="InputException">The tensors are missing, or their shapes do not fit.</exception>
    public static AdapterWeights Read(SafetensorsFile file, string path)
    {
        SafetensorsTensor? weight = file.Tensors.GetValueOrDefault("weight"),
            bias = file.Tensors.GetValueOrDefault("hidden.bias");
        if (
            weight is not { Shape: [> 0 and <= MaxDimensions, _] }
            || weight.Shape[0] != weight.Shape[1]
            || bias is not (null or { Shape: [> 0 and <= MaxDimensions] })
        )
        {
            throw new InputException($"{path}: not an adapter (expected a square tensor 'weight' written by Sextant)");
        }

        var weights = new AdapterWeights((int)weight.Shape[0], (int)(bias?.Shape[0] ?? 0));
        foreach ((string name, float[] values, _) in weights.Tensors())
        {
            if (file[name].Count != values.Length)
            {
                throw new InputException($"{path}: '{name}' has {file[name].Count} values, expected {values.Length}");
            }

            file.ReadSingles(name).CopyTo(values, 0);
        }

        return weights;
    }

    private static void Add(float[] matrix, ReadOnlySpan<float> vector, Span<float> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += TensorPrimitives.Dot(matrix.AsSpan(i * vector.Length, vector.Length), vector);
        }
    }
}
