using TorchSharp;
using static TorchSharp.torch;

namespace Sextant.Training.Torch.Encoders;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101). Of the table of words, which is most of a small encoder, a step changes only the
/// rows that it used, as SparseAdam does: moments of other rows rest.
/// </summary>
internal sealed class AdamW
{
    private const float Beta1 = 0.9f,
        Beta2 = 0.999f,
        Epsilon = 1e-8f,
        Decay = 0.01f;

    private readonly List<(string Name, Tensor Weight, Tensor First, Tensor Second)> _tensors = [];

    public void Add(string name, Tensor weight) => _tensors.Add((name, weight, zeros_like(weight), zeros_like(weight)));

    public IReadOnlyList<(string Name, Tensor Weight, Tensor First, Tensor Second)> Tensors => _tensors;

    /// <summary>One step.</summary>
    /// <param name="gradient">Of a tensor by its name; of the table of words, of the rows used.</param>
    /// <param name="rows">Which tensor is the table of words, and the rows used; a name that no tensor has for none.</param>
    /// <param name="scale">The scale of gradients.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="step">The number of this step, from 1.</param>
    public void Step(Func<string, Tensor?> gradient, (string Name, Tensor Rows) rows, float scale, float rate, long step)
    {
        float stepSize = rate / (1 - MathF.Pow(Beta1, step)),
            root = MathF.Sqrt(1 - MathF.Pow(Beta2, step));
        foreach ((string name, Tensor weight, Tensor first, Tensor second) in _tensors)
        {
            using DisposeScope scope = NewDisposeScope();
            if (gradient(name) is not { } slope)
            {
                continue;
            }

            slope = scale < 1 ? slope * scale : slope;
            bool some = name == rows.Name;
            Tensor w = some ? weight.index_select(0, rows.Rows) : weight;
            Tensor m = some ? first.index_select(0, rows.Rows) : first,
                v = some ? second.index_select(0, rows.Rows) : second;
            m.mul_(Beta1).add_(slope, 1 - Beta1);
            v.mul_(Beta2).addcmul_(slope, slope, 1 - Beta2);
            // Biases and normalizations have one dimension, and no weight decay.
            if (weight.dim() > 1)
            {
                w.mul_(1 - (rate * Decay));
            }

            w.addcdiv_(m, v.sqrt().div_(root).add_(Epsilon), -stepSize);
            if (some)
            {
                weight.index_copy_(0, rows.Rows, w);
                first.index_copy_(0, rows.Rows, m);
                second.index_copy_(0, rows.Rows, v);
            }
        }
    }
}
