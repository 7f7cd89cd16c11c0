using System.IO.Compression;

namespace Sextant.Sources.Tests;

public sealed class RowFileTests : SourceTest
{
    [Theory]
    [InlineData(
        "a.csv",
        "question,answer\n\nhow?,\"so, and\nso\"\nwhy?,because\n",
        "1 question|answer",
        "3 how?|so, and\nso",
        "5 why?|because"
    )]
    [InlineData("a.csv", "question;answer\nhow?;so, and so\n", "1 question|answer", "2 how?|so, and so")]
    [InlineData("a.csv", "question\tanswer\nhow?\tso\n", "1 question|answer", "2 how?|so")]
    [InlineData("a.tsv", "question\tanswer\r\n\"how\tso?\"\tso\r\n", "1 question|answer", "2 how\tso?|so")]
    [InlineData("a.jsonl", "{\"a\":1,\"b\":[\"é\"]}\n\n[\"x\",2]\n", "1 {\"a\":1,\"b\":[\"é\"]}", "3 [\"x\",2]")]
    public void Compressed_and_plain_rows_are_equal(string name, string content, params string[] expected)
    {
        Assert.Equal(expected, Read(Write(name, content)));
        Assert.Equal(expected, Read(Write(name + ".gz", Pack(content))));
    }

    [Fact]
    public void Quotes_in_tab_separated_files_can_be_literal()
    {
        string path = Write("a.tsv", "\"how\tso\n5\"\tdisk\n");
        Assert.Equal(
            [
                ["\"how", "so"],
                ["5\"", "disk"],
            ],
            RowFile.Read(path, quotedTabs: false).Select(row => row.Cells!)
        );
    }

    [Theory]
    [InlineData("a.jsonl", "{\"a\":1}\n{\"a\":", ":2: the row is not JSON")]
    [InlineData("a.jsonl", "{\"a\":1}\n{\"a\":1,\"a\":2}", ":2: the row is not JSON")]
    [InlineData("a.jsonl", "{\"a\":1}\n\n3", ":3: the row is not a JSON object")]
    [InlineData("a.jsonl", "{\"a\":\"\\ud800\"}", ":1: the row contains half of a surrogate pair")]
    [InlineData("a.csv", "a,b\n1,2\n\"3,4\n", ":3: a quote in this row is not closed")]
    [InlineData("a.csv", "a,b\n1,2\n3,\0\n", ":3: a NUL character")]
    public void Invalid_row_is_reported_with_its_line(string name, string content, string expected)
    {
        string path = Write(name, content);
        Assert.Contains(path + expected, Assert.Throws<InputException>(() => Read(path)).Message, StringComparison.Ordinal);
        string packed = Write(name + ".gz", Pack(content));
        Assert.Contains(packed + expected, Assert.Throws<InputException>(() => Read(packed)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv.gz", "question,answer\n")]
    [InlineData("a.tsv.gz", "question\tanswer\n")]
    [InlineData("a.jsonl.gz", "{\"question\":\"a\"}\n")]
    public void Damaged_compressed_file_is_reported_with_the_last_valid_line(string name, string row)
    {
        byte[] packed = Pack(
            string.Concat(Enumerable.Range(0, 50_000).Select(i => row.Replace("a", $"{i * 7919 % 50_021}", StringComparison.Ordinal)))
        );
        string cut = Write(name, packed[..(packed.Length / 2)]);
        Assert.Contains($"{cut}, after line ", Assert.Throws<InputException>(() => Read(cut)).Message, StringComparison.Ordinal);

        string plain = Write("b" + name[1..], System.Text.Encoding.UTF8.GetBytes(row));
        Assert.Contains(
            $"{plain}: the .gz file is damaged",
            Assert.Throws<InputException>(() => Read(plain)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("a.xml", "cannot read rows from '.xml'")]
    [InlineData("a.parquet.gz", "cannot read rows from '.gz'")]
    [InlineData("missing.csv", "no such file")]
    [InlineData("missing.parquet", "no such file")]
    public void Missing_and_unsupported_files_are_reported(string name, string expected)
    {
        string path = Path.Combine(Folder, name);
        string message = Assert.Throws<InputException>(() => Read(path)).Message;
        Assert.Contains($"{path}: {expected}", message, StringComparison.Ordinal);
    }

    private static string[] Read(string path) =>
        [
            .. RowFile
                .Read(path)
                .Select(row => $"{row.Line} {(row.Cells is { } cells ? string.Join('|', cells) : row.Value!.ToJsonString(Plain))}"),
        ];

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static byte[] Pack(string text)
    {
        using MemoryStream target = new();
        using (GZipStream gzip = new(target, CompressionLevel.Fastest))
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return target.ToArray();
    }
}
