using System.Text.RegularExpressions;
using Sextant.Search;

namespace Sextant.Core.Tests.Search;

public sealed class DocumentIdTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a\0b")]
    [InlineData(@"a\ud800")]
    [InlineData(@"\udc00\ud800")]
    // Attributes are kept in UTF-8, which has no halves of surrogate pairs: they are written as escapes.
    public void Id_that_no_route_can_address_is_rejected(string id) => Assert.NotNull(DocumentId.FindFault(Regex.Unescape(id)));

    [Theory]
    [InlineData("...")]
    [InlineData("a/../b")]
    [InlineData("/")]
    [InlineData("100%")]
    [InlineData("\ud83d\ude00")]
    public void Any_other_id_is_accepted(string id) => Assert.Null(DocumentId.FindFault(id));

    [Fact]
    public void Id_limit_counts_UTF_8_bytes()
    {
        Assert.Null(DocumentId.FindFault(new('a', 2_048)));
        Assert.Null(DocumentId.FindFault(new('é', 1_024)));
        Assert.Contains("2049 bytes", DocumentId.FindFault(new('a', 2_049)), StringComparison.Ordinal);
        Assert.Contains("2050 bytes", DocumentId.FindFault(new('é', 1_025)), StringComparison.Ordinal);
    }
}
