using System.Text.Json.Nodes;

namespace Sextant.Sources.Tests.Formats;

public sealed class PageFormatsTests : SourceTest
{
    private const string Guide = """
        ---
        title: The guide
        year: 2024
        tags: [a, b]
        nested:
          - no
        ---
        Before all headings.

        # Guide

        ## Install `it`

        Words about *installing*.

        ```bash
        # not a heading
        run
        ```

        ### On Linux

        Here too.

        ## Install `it`

        Again.
        """;

    [Fact]
    public async Task Markdown_section_is_a_document_with_its_parent_headings()
    {
        string source = Write("guide.md", Guide);

        List<SourceDocument> sections = await ReadAsync(source);

        Assert.Equal(
            ["", "#guide/install-it", "#guide/install-it/on-linux", "#guide/install-it~2"],
            sections.Select(s => s.Id[source.Length..])
        );
        Assert.Equal([8, 12, 21, 25], sections.Select(s => s.Line));
        Assert.Equal("Guide > Install it > On Linux", (string?)sections[2].Metadata["section"]);
        Assert.Contains("# not a heading", sections[1].Text, StringComparison.Ordinal);
        Assert.StartsWith("### On Linux", sections[2].Text, StringComparison.Ordinal);
        JsonObject front = sections[0].Metadata;
        Assert.Equal(("The guide", 2024), ((string?)front["title"], (int?)front["year"]));
    }

    [Fact]
    public async Task No_Markdown_text_is_lost_except_front_matter_and_headings_without_text()
    {
        List<SourceDocument> sections = await ReadAsync(Write("guide.md", Guide));

        string expected = Guide[(Guide.LastIndexOf("---", StringComparison.Ordinal) + 3)..]
            .Replace("# Guide\n\n", "", StringComparison.Ordinal);
        Assert.Equal(expected.Trim(), string.Concat(sections.Select(s => s.Text)).Trim());
    }

    [Fact]
    public async Task Invalid_byte_in_Markdown_is_reported_with_the_line()
    {
        string source = Write("a.md", [.. "# A\n\nb\n"u8, 0xFF, .. "\n# C\n"u8]);

        Assert.Contains($"{source}:4: bytes that are not UTF-8", await ErrorAsync(source), StringComparison.Ordinal);
        Assert.Equal("# C\n", Assert.Single(await ReadAsync(source, new() { SkipBad = true })).Text);
    }

    [Fact]
    public async Task HTML_text_is_the_visible_main_content()
    {
        string source = Write(
            "a.html",
            """
            <!doctype html><html><head><title>The page</title><style>p { color: red }</style></head><body>
            <nav>Home | About</nav><script>alert("no")</script><p>Before   the
            <b>head</b>ing.</p><h1>First &amp; main</h1><p>One.<br>Two.</p><ul><li>three<li>four</ul>
            <h2>Second</h2><pre>  as
              it is</pre><table><tr><td>a<td>b</tr></table><p hidden>no</p><footer>Imprint</footer></body></html>
            """
        );

        List<SourceDocument> sections = await ReadAsync(source);

        Assert.Equal(
            ["Before the heading.", "First & main\nOne.\nTwo.\n- three\n- four", "Second\n  as\n  it is\na b"],
            sections.Select(s => s.Text)
        );
        Assert.Equal(["", "#first-main", "#first-main/second"], sections.Select(s => s.Id[source.Length..]));
        Assert.Equal("""{"title":"The page","section":"First \u0026 main \u003E Second"}""", sections[2].Metadata.ToJsonString());
        Assert.Equal([1, 3, 4], sections.Select(s => s.Line));
    }

    [Theory]
    [InlineData("a.html", "<div>")]
    [InlineData("a.html", "<b><i>")]
    [InlineData("a.md", "> ")]
    [InlineData("a.md", "- ")]
    [InlineData("a.md", "[")]
    public async Task Extremely_nested_pages_are_read_or_rejected(string name, string level)
    {
        string source = Write(name, string.Concat(Enumerable.Repeat(level, 4_000)) + "deep");
        try
        {
            Assert.Contains("deep", Assert.Single(await ReadAsync(source)).Text, StringComparison.Ordinal);
        }
        catch (InputException e)
        {
            Assert.Contains(source, e.Message, StringComparison.Ordinal);
        }
    }
}
