namespace Sextant.Onnx.Pooling;

/// <summary>Ways to make one vector of a text's token vectors. Several are put one after the other, in the order of their values.</summary>
[Flags]
internal enum PoolingModes
{
    None = 0,

    /// <summary>The first token's vector.</summary>
    Cls = 1,

    /// <summary>The largest value of each dimension.</summary>
    Max = 2,

    /// <summary>The mean.</summary>
    Mean = 4,

    /// <summary>The sum over the square root of the number of tokens.</summary>
    MeanSqrtLength = 8,

    /// <summary>
    /// The mean with the weights 1, 2, 3 …, so that later tokens, which have seen more, count for more (Muennighoff 2022).
    /// </summary>
    WeightedMean = 16,

    /// <summary>The last token's vector, for decoders.</summary>
    LastToken = 32,
}
