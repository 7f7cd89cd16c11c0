using Sextant.Onnx.Pooling;

namespace Sextant.Onnx.Tests.Pooling;

public sealed class TokenPoolingTests
{
    // Three tokens of two dimensions.
    private static readonly float[] Tokens = [1, -4, 2, 8, 6, 2];

    [Theory]
    [InlineData(PoolingModes.Cls, new float[] { 1, -4 })]
    [InlineData(PoolingModes.Max, new float[] { 6, 8 })]
    [InlineData(PoolingModes.Mean, new float[] { 3, 2 })]
    [InlineData(PoolingModes.MeanSqrtLength, new[] { 5.1961524f, 3.4641016f })]
    [InlineData(PoolingModes.WeightedMean, new[] { 23 / 6f, 3 })]
    [InlineData(PoolingModes.LastToken, new float[] { 6, 2 })]
    [InlineData(PoolingModes.LastToken | PoolingModes.Cls | PoolingModes.Mean, new float[] { 1, -4, 3, 2, 6, 2 })]
    internal void Token_vectors_are_pooled(PoolingModes modes, float[] expected)
    {
        var pooling = new TokenPooling(modes);
        float[] pooled = new float[2 * pooling.Width];
        Array.Fill(pooled, 99);

        pooling.Pool(Tokens, hidden: 2, promptTokens: 0, pooled);

        Assert.Equal(expected, pooled, (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    [Theory]
    [InlineData(PoolingModes.Mean, new float[] { 4, 5 })]
    [InlineData(PoolingModes.WeightedMean, new[] { 22 / 5f, 22 / 5f })]
    [InlineData(PoolingModes.Cls, new float[] { 1, -4 })]
    internal void Excluded_prompt_is_not_pooled(PoolingModes modes, float[] expected)
    {
        float[] pooled = new float[2];

        new TokenPooling(modes, includePrompt: false).Pool(Tokens, hidden: 2, promptTokens: 1, pooled);

        Assert.Equal(expected, pooled, (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Text_of_only_a_prompt_is_the_zero_vector_and_not_NaN()
    {
        foreach (PoolingModes mode in new[] { PoolingModes.Mean, PoolingModes.Max, PoolingModes.WeightedMean, PoolingModes.MeanSqrtLength })
        {
            float[] pooled = [9, 9];

            new TokenPooling(mode).Pool(Tokens, hidden: 2, promptTokens: 5, pooled);

            Assert.Equal([0f, 0f], pooled);
        }
    }
}
