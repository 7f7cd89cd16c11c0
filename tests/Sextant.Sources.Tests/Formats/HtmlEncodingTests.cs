using System.Text;

namespace Sextant.Sources.Tests.Formats;

public sealed class HtmlEncodingTests : SourceTest
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    [Theory]
    [InlineData("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><html><body><p>{0}</p></body></html>")]
    [InlineData("<html><head><meta charset=latin1></head><body>{0}</body></html>")]
    [InlineData(
        "<html><head><!-- <meta charset=\"utf-8\"> --><META HTTP-EQUIV='Content-Type' CONTENT='text/html; "
            + "charset=windows-1252'></head><body>{0}"
    )]
    [InlineData("<p>{0}</p>")]
    [InlineData("<meta charset=\"no-such-encoding\"><p>{0}</p>")]
    public async Task Latin_1_pages_are_decoded_like_browsers_do(string page)
    {
        string source = Write("a.html", Windows1252.GetBytes(page.Replace("{0}", "Zürich, café naïve, “5 €”", StringComparison.Ordinal)));

        Assert.Equal("Zürich, café naïve, “5 €”", Assert.Single(await ReadAsync(source)).Text);
    }

    [Theory]
    [InlineData("shift_jis", 932)]
    [InlineData("koi8-r", 20866)]
    [InlineData("iso-8859-2", 28592)]
    public async Task Pages_are_decoded_in_their_declared_encoding(string name, int codePage)
    {
        string word = codePage switch
        {
            932 => "日本語",
            20866 => "Привет",
            _ => "Łódź",
        };
        byte[] page = CodePagesEncodingProvider.Instance.GetEncoding(codePage)!.GetBytes($"<meta charset='{name}'><p>{word}");

        Assert.Equal(word, Assert.Single(await ReadAsync(Write("a.html", page))).Text);
    }

    [Fact]
    public async Task Undeclared_UTF_8_and_UTF_16_with_a_BOM_are_read_and_a_BOM_overrides_a_declaration()
    {
        Assert.Equal("Zürich", Assert.Single(await ReadAsync(Write("a.html", "<p>Zürich"))).Text);
        Assert.Equal("Zürich", Assert.Single(await ReadAsync(Write("b.html", "<meta charset=latin1><p>Zürich", Encoding.UTF8))).Text);
        Assert.Equal("Zürich", Assert.Single(await ReadAsync(Write("c.html", "<meta charset=utf-8><p>Zürich", Encoding.Unicode))).Text);
    }

    [Fact]
    public async Task Bytes_invalid_in_the_declared_encoding_are_rejected_with_the_line()
    {
        string source = Write("a.html", [.. "<meta charset=utf-8>\n<p>caf"u8, 0xE9, .. " noir</p>"u8]);

        Assert.Contains("bytes that are not UTF-8", await ErrorAsync(source), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<p hidden>no</p>")]
    [InlineData("<div style=\"color: red; DISPLAY : none !important\">no <b>no</b></div>")]
    [InlineData("<span style='display:block;display:none'>no</span>")]
    [InlineData("<p style=\"visibility:hidden\">no</p>")]
    [InlineData("<template><p>no</p></template>")]
    [InlineData("<noscript>no</noscript>")]
    [InlineData("<span aria-hidden=\"true\">no</span>")]
    [InlineData("<datalist><option>no</datalist>")]
    [InlineData("<script type=\"application/ld+json\">no</script>")]
    public async Task Hidden_HTML_elements_are_not_read(string hidden)
    {
        string source = Write("a.html", $"<body style='display:none'><p>yes</p>{hidden}<p style='display:none;display:block'>also</p>");

        Assert.Equal("yes\nalso", Assert.Single(await ReadAsync(source)).Text);
    }
}
