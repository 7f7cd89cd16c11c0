using CsCheck;

namespace Sextant.Cli.Tests.Help;

public sealed class EditDistanceTests
{
    [Theory]
    [InlineData("search", "search", 0)]
    [InlineData("serch", "search", 1)]
    [InlineData("saerch", "search", 1)]
    [InlineData("index", "", 5)]
    [InlineData("", "index", 5)]
    [InlineData("kitten", "sitting", 3)]
    public void Edits_are_counted(string a, string b, int slips) => Assert.Equal(slips, EditDistance.Between(a, b));

    [Fact]
    public void Distance_is_symmetric_and_zero_only_for_equal_words() =>
        Gen.Select(Gen.String[Gen.Char['a', 'c'], 0, 6], Gen.String[Gen.Char['a', 'c'], 0, 6])
            .Sample(
                (a, b) =>
                {
                    int distance = EditDistance.Between(a, b);
                    return distance == EditDistance.Between(b, a)
                        && distance == 0 == string.Equals(a, b, StringComparison.Ordinal)
                        && distance >= Math.Abs(a.Length - b.Length)
                        && distance <= Math.Max(a.Length, b.Length);
                }
            );
}
