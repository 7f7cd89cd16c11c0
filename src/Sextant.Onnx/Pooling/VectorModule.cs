using System.Numerics.Tensors;
using System.Text.Json;
using Sextant.Models.Safetensors;
using Sextant.Onnx.Layout;

namespace Sextant.Onnx.Pooling;

/// <summary>A step from one vector of a text to the next, after pooling.</summary>
internal abstract class VectorModule
{
    /// <summary>How long its result is for a vector of <paramref name="length"/>.</summary>
    public abstract int LengthAfter(int length);

    public abstract float[] Apply(float[] vector);
}

/// <summary>Scales a vector to length 1. The zero vector stays.</summary>
internal sealed class NormalizeModule : VectorModule
{
    public override int LengthAfter(int length) => length;

    public override float[] Apply(float[] vector)
    {
        float norm = TensorPrimitives.Norm<float>(vector);
        if (norm > 0)
        {
            TensorPrimitives.Divide(vector, norm, vector);
        }

        return vector;
    }
}

/// <summary>One linear layer with an activation, as sentence-transformers' Dense.</summary>
internal sealed class DenseModule(float[] weights, float[]? bias, int inputs, int outputs, string activation) : VectorModule
{
    public override int LengthAfter(int length) =>
        length == inputs
            ? outputs
            : throw new InputException($"a Dense module takes vectors of {inputs}, and the previous module returns {length}");

    public override float[] Apply(float[] vector)
    {
        float[] result = new float[outputs];
        for (int row = 0; row < outputs; row++)
        {
            float sum = TensorPrimitives.Dot(weights.AsSpan(row * inputs, inputs), vector) + (bias?[row] ?? 0);
            result[row] = Activate(sum);
        }

        return result;
    }

    /// <summary>Reads a Dense module from its folder.</summary>
    public static DenseModule Read(ModelFiles files, string folder)
    {
        string configFile = folder + "config.json",
            weightsFile = folder + "model.safetensors";
        JsonElement config = JsonFile.TryRead(files, configFile) ?? throw new InputException($"{files.Location}: no {configFile}");
        string activation = config.StringOrNull("activation_function") ?? "torch.nn.modules.activation.Tanh";
        activation = activation[(activation.LastIndexOf('.') + 1)..];
        if (activation is not ("Identity" or "Tanh" or "ReLU" or "Sigmoid" or "GELU" or "SiLU"))
        {
            throw new InputException(
                $"{files.Locate(configFile)}: the activation '{activation}' is unknown; "
                    + "use Identity, Tanh, ReLU, Sigmoid, GELU or SiLU"
            );
        }

        Stream stream =
            files.TryOpen(weightsFile)
            ?? throw new InputException($"{files.Location}: no {weightsFile}; save its pytorch_model.bin again as safetensors");
        using SafetensorsFile file = SafetensorsFile.Open(stream, files.Locate(weightsFile));
        if (file["linear.weight"].Shape is not [> 0 and <= 1 << 16 and var outputs, > 0 and <= 1 << 16 and var inputs])
        {
            throw new InputException(
                $"{files.Locate(weightsFile)}: linear.weight is {file["linear.weight"]}, " + "expected [outputs, inputs]"
            );
        }

        float[]? bias = file.Tensors.ContainsKey("linear.bias") ? file.ReadSingles("linear.bias") : null;
        return bias is null || bias.Length == outputs
            ? new DenseModule(file.ReadSingles("linear.weight"), bias, (int)inputs, (int)outputs, activation)
            : throw new InputException($"{files.Locate(weightsFile)}: linear.bias has {bias.Length} values for {outputs} outputs");
    }

    private float Activate(float x) =>
        activation switch
        {
            "Identity" => x,
            "Tanh" => MathF.Tanh(x),
            "ReLU" => MathF.Max(x, 0),
            "Sigmoid" => 1 / (1 + MathF.Exp(-x)),
            "SiLU" => x / (1 + MathF.Exp(-x)),
            _ => 0.5f * x * (1 + Erf(x / MathF.Sqrt(2))),
        };

    /// <summary>Abramowitz and Stegun 7.1.26; accurate to 1.5e-7, about the precision of float32.</summary>
    private static float Erf(float x)
    {
        double a = Math.Abs(x),
            t = 1 / (1 + (0.3275911 * a));
        double y =
            1
            - (((((((((1.061405429 * t) - 1.453152027) * t) + 1.421413741) * t) - 0.284496736) * t) + 0.254829592) * t * Math.Exp(-a * a));
        return (float)Math.CopySign(y, x);
    }
}
