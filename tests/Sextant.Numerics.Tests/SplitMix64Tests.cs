namespace Sextant.Numerics.Tests;

public sealed class SplitMix64Tests
{
    [Fact]
    public void Numbers_match_the_reference_implementation()
    {
        SplitMix64 random = new(1234567);

        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(_ => random.Next())
        );
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(42UL)]
    [InlineData(ulong.MaxValue)]
    public void At_returns_the_number_at_a_position(ulong seed)
    {
        SplitMix64 random = new(seed);

        for (ulong position = 0; position < 100; position++)
            Assert.Equal(random.Next(), SplitMix64.ValueAt(seed, position));
    }
}
