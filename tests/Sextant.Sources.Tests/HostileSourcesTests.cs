using System.Text;
using CsCheck;

namespace Sextant.Sources.Tests;

/// <summary>Any file is either read, or rejected with an error that names it, in finite time.</summary>
public sealed class HostileSourcesTests : SourceTest
{
    private static readonly string[] Fragments =
    [
        "text",
        "id",
        ",",
        ",,",
        "\"",
        "\"\"",
        "\n",
        "\r",
        "\r\n",
        "\t",
        ";",
        "{",
        "}",
        "[",
        "]",
        ":",
        "{\"text\":\"a\"}\n",
        "{\"text\":",
        "null",
        "1e999",
        "-0",
        "\\u0000",
        "\\ud800",
        "\0",
        "# h\n",
        "```\n",
        "---\n",
        "---\na: b\n---\n",
        "> ",
        "- ",
        "<h1>",
        "</h1>",
        "<script>",
        "<!--",
        "<p>",
        "</p>",
        "<table>",
        "<svg>",
        "<template>",
        "&amp;",
        "&#0;",
        "&#xD800;",
        "PAR1",
        "é",
        "世界",
        "🦊",
        "\uFFFE",
        "\uFFFD",
        "\u2028",
        "a,b\n",
        "text,n\n",
        "  ",
        "[a](b)",
        "![",
        "*",
        "_",
        "|",
        "=\n",
        "<meta charset=utf-16>",
        "<meta charset=nonsense>",
        "<plaintext>",
        "<select>",
        "<body>",
        "<frameset>",
    ];

    private static readonly Gen<byte[]> Bytes = Gen.OneOf(
        Gen.Byte.Array[0, 300],
        Gen.Int[0, Fragments.Length - 1]
            .Array[0, 60]
            .Select(picks => Encoding.UTF8.GetBytes(string.Concat(picks.Select(i => Fragments[i])))),
        Gen.Int[0, Fragments.Length - 1]
            .Array[0, 30]
            .Select(picks =>
                Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(string.Concat(picks.Select(i => Fragments[i])))).ToArray()
            ),
        Gen.Select(Gen.Int[0, Fragments.Length - 1].Array[0, 30], Gen.Byte.Array[0, 9])
            .Select((picks, noise) => Encoding.UTF8.GetBytes(string.Concat(picks.Select(i => Fragments[i]))).Concat(noise).ToArray())
    );

    [Theory]
    [InlineData(".txt")]
    [InlineData(".md")]
    [InlineData(".html")]
    [InlineData(".csv")]
    [InlineData(".tsv")]
    [InlineData(".jsonl")]
    [InlineData(".parquet")]
    public async Task Any_bytes_are_read_or_rejected_by_name(string extension) =>
        await Gen.Select(Bytes, Gen.Bool)
            .SampleAsync(
                async (bytes, skipBad) =>
                {
                    string source = Write(Guid.NewGuid().ToString("N") + extension, bytes);
                    try
                    {
                        foreach (SourceDocument document in await ReadAsync(source, new() { SkipBad = skipBad }))
                        {
                            Assert.False(string.IsNullOrWhiteSpace(document.Text));
                            Assert.DoesNotContain('\0', document.Text);
                            Assert.NotEmpty(document.Id);
                            Assert.True(document.Line >= 1);
                            _ = document.Metadata.ToJsonString();
                        }
                    }
                    catch (InputException e)
                    {
                        Assert.StartsWith(source, e.Message, StringComparison.Ordinal);
                        Assert.DoesNotContain('\n', e.Message);
                    }
                    finally
                    {
                        File.Delete(source);
                    }
                },
                iter: 600,
                threads: 1
            );
}
