using System.Text;
using System.Text.Json.Nodes;
using Sextant.Sources;

namespace Sextant.Benchmarks.Faults.Fuzzing;

/// <summary>
/// A source is refused by its name, or gives texts that are well-formed, the same when read twice, and the same when written as JSON Lines
/// and read again.
/// </summary>
internal sealed class FuzzedSource(string extension) : FaultKind($"source{extension}")
{
    private static readonly Dictionary<string, string[]> Corpus = new()
    {
        [".csv"] =
        [
            "id,text,n\n1,a b,2\n2,\"c, \"\"d\"\"\",0.5\n",
            "text;tag\r\nhello;x\r\n\"two\nlines\";y\r\n",
            "text\nplain\n\nlast\n",
            "id,text,code,when\n007,a,0012,2020-01-01\n8,b,12345678901234567890,\n",
        ],
        [".tsv"] = ["id\ttext\tn\n1\ta b\t2\n2\tc\t-0.5\n", "text\ttag\nhello\t\"x\"\n"],
        [".jsonl"] =
        [
            "{\"id\":\"1\",\"text\":\"a\",\"n\":2,\"tags\":[\"x\",null]}\n{\"id\":2,\"text\":\"b\\u00e9\",\"m\":{\"k\":1.5e3}}\n",
            "{\"text\":\"only\"}\n\n{\"text\":\"\\ud83e\\udd8a\",\"ok\":true}",
        ],
        [".html"] =
        [
            "<!doctype html><html><head><title>T</title><style>p{}</style></head><body><h1>One</h1><p>a "
                + "<b>b</b></p><h2>Two</h2><ul><li>c<li>d</ul><p hidden>e</p><pre>f\n g</pre></body></html>",
            "<p>plain<table><tr><td>1<td>2</table><script>x</script><!-- c --><svg><text>s</text></svg>&amp;&#x1F98A;",
        ],
        [".md"] =
        [
            "# One\n\na *b* `c`\n\n## Two\n\n- d\n- e\n\n```cs\nint f;\n```\n\n> g\n\n| h | i |\n|---|---|\n| 1 | 2 |\n",
            "---\ntitle: T\n---\ntext [a](b) ![c](d)\n\nh\n===\n\n1. x\n   1. y\n",
        ],
        [".txt"] = ["one\ntwo\n\nthree four\n", "a. b! c?\r\n\r\n世界。🦊\n"],
    };

    private readonly Mutator _mutator = new(
        Corpus[extension],
        "text",
        "id",
        "\"text\":",
        "{\"text\":\"a\"}\n",
        "# h\n",
        "```\n",
        "---\n",
        "> ",
        "- ",
        "<p>",
        "</p>",
        "<h1>",
        "<script>",
        "<!--",
        "<table>",
        "<template>",
        "<svg>",
        "<plaintext>",
        "<meta charset=utf-16>",
        "&#0;",
        "&#xD800;",
        "[a](b)",
        "|",
        "*",
        "PAR1",
        "0.6369616873214543",
        "12345678901234567890",
        "1.50",
        "007",
        "2020-01-01"
    );

    public override async Task<FaultOutcome> TryAsync(int seed)
    {
        // The same name each time: names are part of ids.
        string file = In("fuzzed" + extension);
        byte[] bytes = _mutator.Mutate(seed);
        await File.WriteAllBytesAsync(file, bytes);
        List<SourceDocument> documents;
        try
        {
            documents = await ReadAsync(file);
        }
        catch (InputException e)
        {
            return e.Message.StartsWith(file, StringComparison.Ordinal)
                ? FaultOutcome.Refused
                : Bad($"the error does not name the file: {e.Message}");
        }

        foreach (SourceDocument document in documents)
        {
            if (string.IsNullOrWhiteSpace(document.Text))
                return Bad("an empty text");
            if (document.Text.Contains('\0', StringComparison.Ordinal) || Surrogates.FindLone(document.Text) >= 0)
                return Bad($"not a text: {document.Text}");
            if (document.Id.Length == 0 || document.Line < 1)
                return Bad($"id '{document.Id}', line {document.Line}");
        }

        List<SourceDocument> again = await ReadAsync(file);
        if (!documents.Select(Describe).SequenceEqual(again.Select(Describe)))
            return Bad("read twice, it gives other documents");
        return extension is ".csv" or ".tsv" or ".jsonl" ? await RewrittenAsync(documents) ?? FaultOutcome.Sound : FaultOutcome.Sound;

        FaultOutcome Bad(string what) => FaultOutcome.Failed($"{what}: {Convert.ToBase64String(bytes)}");

        async Task<FaultOutcome?> RewrittenAsync(List<SourceDocument> read)
        {
            string copy = In("copy.jsonl");
            await File.WriteAllLinesAsync(
                copy,
                read.Select(document =>
                    new JsonObject
                    {
                        ["sextant text"] = document.Text,
                        ["sextant id"] = document.Id,
                        ["metadata"] = document.Metadata.DeepClone(),
                    }.ToJsonString()
                ),
                new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)
            );
            List<SourceDocument> back = await ReadAsync(copy, new() { TextField = "sextant text", IdField = "sextant id" });
            for (int i = 0; i < Math.Max(read.Count, back.Count); i++)
            {
                if (i >= read.Count || i >= back.Count)
                    return Bad($"{read.Count} documents are {back.Count} when written as JSON Lines");
                if (read[i].Text != back[i].Text || !JsonNode.DeepEquals(read[i].Metadata, back[i].Metadata["metadata"]))
                {
                    return Bad(
                        $"'{read[i].Text}' {read[i].Metadata.ToJsonString()} is '{back[i].Text}' {back[i].Metadata.ToJsonString()} when "
                            + $"written as JSON Lines"
                    );
                }
            }

            return null;
        }
    }

    private static string Describe(SourceDocument document) =>
        $"{document.Id}\n{document.Line}\n{document.Text}\n{document.Metadata.ToJsonString()}";

    private static async Task<List<SourceDocument>> ReadAsync(string file, SourceReaderOptions? options = null)
    {
        List<SourceDocument> documents = [];
        await foreach (SourceDocument document in new SourceReader(options).ReadAsync([file]))
            documents.Add(document);
        return documents;
    }
}
