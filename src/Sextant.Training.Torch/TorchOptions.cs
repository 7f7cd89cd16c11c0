namespace Sextant.Training.Torch;

/// <summary>What of a transformer is trained, and where.</summary>
internal sealed record TorchOptions
{
    /// <summary>The rank of the changes of the attention's maps; 0 trains all weights.</summary>
    public int LoraRank { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>A step's gradient is scaled down to this length; 0 for never.</summary>
    public float MaxGradientNorm { get; init; }

    /// <summary>The most tokens, padding included, that go through at once; by the encoder's size when <see langword="null"/>.</summary>
    public long? SliceTokens { get; init; }

    /// <summary>Decides what is random.</summary>
    public ulong Seed { get; init; }
}
