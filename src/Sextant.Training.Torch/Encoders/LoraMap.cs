using static TorchSharp.torch;

namespace Sextant.Training.Torch.Encoders;

/// <summary>
/// A low-rank update of a frozen linear map: W·x + 2·B·(A·x), with A [r, in] random and B [out, r] zero at first (Hu et al. 2021,
/// arXiv:2106.09685, with α = 2r). At the end it is merged into the map, so inference has no extra cost.
/// </summary>
internal sealed class LoraMap(Tensor down, Tensor up)
{
    private const float Scale = 2;

    /// <summary>A.</summary>
    public Tensor Down => down;

    /// <summary>B.</summary>
    public Tensor Up => up;

    public Tensor Apply(Tensor x) => nn.functional.linear(nn.functional.linear(x, down), up) * Scale;

    /// <summary>The update of the map's weight.</summary>
    public Tensor Change() => up.matmul(down) * Scale;
}
