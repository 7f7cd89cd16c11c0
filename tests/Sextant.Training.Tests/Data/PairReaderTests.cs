using System.Globalization;
using System.IO.Compression;
using Parquet;
using Parquet.Schema;
using Sextant.Training.Data;

namespace Sextant.Training.Tests.Data;

public class PairReaderTests
{
    [Fact]
    public void TSV_without_a_header_has_anchor_positive_and_a_negative_or_a_score()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.tsv", "q\ta", "q\ta\tn", "q\ta\t0.5", "q\ta\tn\tm");
        Assert.Equal(["1: q | a", "2: q | a | n", "3: q | a = 0.5", "4: q | a | n | m"], Read(path));
    }

    [Fact]
    public void CSV_columns_may_be_quoted_and_in_any_order()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(
            ["2: say \"it\" | yes, indeed = 0.25"],
            Read(folder.Write("a.csv", "score,answer,Question", "0.25,\"yes, indeed\",\"say \"\"it\"\"\""))
        );
    }

    [Fact]
    public void JSON_Lines_may_be_compressed()
    {
        using var folder = new TemporaryFolder();
        string packed = folder.File("a.jsonl.gz");
        using (var writer = new StreamWriter(new GZipStream(File.Create(packed), CompressionMode.Compress)))
        {
            writer.WriteLine("""{"query":"q","positive":"p","negative":"n"}""");
        }

        Assert.Equal(["1: q | p | n"], Read(packed));
    }

    [Fact]
    public async Task Parquet_columns_of_texts_and_scores_are_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.parquet");
        DataField<string> first = new("sentence1"),
            second = new("sentence2");
        DataField<double> score = new("score");
        await using (FileStream stream = File.Create(path))
        await using (
            ParquetWriter writer = await ParquetWriter.CreateAsync(
                new ParquetSchema(score, first, second),
                stream,
                cancellationToken: TestContext.Current.CancellationToken
            )
        )
        {
            using ParquetRowGroupWriter rows = writer.CreateRowGroup();
            await rows.WriteAsync<double>(score, new[] { 0.5, 1 });
            await rows.WriteAsync(first, new[] { "q", "r" });
            await rows.WriteAsync(second, new[] { "p", " " });
        }

        using IEnumerator<PairRow> read = PairReader.Read(path).GetEnumerator();
        Assert.True(read.MoveNext());
        Assert.Equal("1: q | p = 0.5", Show(read.Current));
        Assert.Contains("a.parquet:2: ", Assert.Throws<InputException>(() => read.MoveNext()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.jsonl", "{\"query\":\"q\",\"positive\":\"p\"}", "{oops", "a.jsonl:2: ")]
    [InlineData("a.jsonl", "{\"query\":\"q\",\"positive\":\"p\"}", "{\"query\":\"q\"}", "a.jsonl:2: ")]
    [InlineData(
        "a.jsonl",
        "{\"query\":\"q\",\"positive\":\"p\"}",
        "{\"query\":\"\\ud800\",\"positive\":\"p\"}",
        "a.jsonl:2: the row contains half of a surrogate pair"
    )]
    [InlineData(
        "a.jsonl",
        "{\"query\":\"q\",\"positive\":\"p\"}",
        "{\"query\":\"q\",\"positive\":[\"\\uDC00\"]}",
        "a.jsonl:2: the row contains half of a surrogate pair"
    )]
    [InlineData(
        "a.jsonl",
        "{\"query\":\"q\",\"positive\":\"p\"}",
        "{\"query\":\"q\",\"positive\":\"p\",\"\\ud800\":1}",
        "a.jsonl:2: the row contains half of a surrogate pair"
    )]
    [InlineData("a.jsonl", "[\"q\",\"p\"]", "[\"q\",\"\\ud800\"]", "a.jsonl:2: the row contains half of a surrogate pair")]
    [InlineData("a.csv", "anchor,positive,negatives", "q,p,\"[\"\"\\ud800\"\"]\"", "a.csv:2: ")]
    [InlineData("a.tsv", "q\tp", "only one", "a.tsv:2: ")]
    [InlineData("a.tsv", "anchor\tpositive\tscore", "q\tp\thigh", "a.tsv:2: ")]
    public void Invalid_row_is_reported_with_file_and_line(string name, string first, string second, string place)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(name, first, second);
        InputException error = Assert.Throws<InputException>(() => PairReader.Read(path).ToList());
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"anchor":"q","positive":"p","negative":["n","m"]}""", "q | p | n | m")]
    [InlineData("""{"anchor":"q","positive":"p","negatives":["n",""," ",null,"m"]}""", "q | p | n | m")]
    [InlineData("""{"anchor":"q","positive":"p","negative_1":"n","negative_2":"m","negative_3":null}""", "q | p | n | m")]
    [InlineData(
        """{"query":"q","pos":["p"],"neg":["n","m"],"pos_scores":[1],"neg_scores":[0.1,0.2],"prompt":"x","type":"normal"}""",
        "q | p | n | m"
    )]
    [InlineData("""{"query":"q","positive":["p"],"hard_negatives":["n"],"negative":"m"}""", "q | p | n | m")]
    [InlineData("""["q","p","n","m"]""", "q | p | n | m")]
    [InlineData("""["q","p",0.5]""", "q | p = 0.5")]
    [InlineData("""{"sentence1":"q","sentence2":"p","label":true}""", "q | p = 1")]
    [InlineData("""{"anchor":"q","positive":"p","negative":[],"negotiable":"yes"}""", "q | p")]
    public void Every_common_form_of_negatives_is_read(string json, string expected)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(["1: " + expected], Read(folder.Write("a.jsonl", json)));
    }

    [Fact]
    public void Each_positive_of_a_list_forms_a_pair_with_all_negatives()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(
            "a.jsonl",
            """{"query":"q","pos":["p","r"],"neg":["n","m"]}""",
            """{"query":"s","pos":["t"],"neg":[]}"""
        );
        Assert.Equal(["1: q | p | n | m", "1: q | r | n | m", "2: s | t"], Read(path));
    }

    [Theory]
    [InlineData("a.csv", ",")]
    [InlineData("a.tsv", "\t")]
    [InlineData("b.csv", ";")]
    public void Numbered_and_listed_negatives_are_read_from_tables(string name, string separator)
    {
        using var folder = new TemporaryFolder();
        string list = separator == "\t" ? "[\"n\", \"m\"]" : "\"[\"\"n\"\", \"\"m\"\"]\"";
        string[] rows =
        [
            .. new[] { "anchor|positive|negative_1|negative_2|negatives", "q|p|x||" + list, "r|s|[sic] y|z|" }.Select(row =>
                row.Replace("|", separator, StringComparison.Ordinal)
            ),
        ];
        Assert.Equal(["2: q | p | x | n | m", "3: r | s | [sic] y | z"], Read(folder.Write(name, rows)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Parquet_lists_and_numbered_columns_of_negatives_are_read(bool legacy)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.parquet");
        DataField<string> anchor = new("anchor"),
            positive = new("positive"),
            numbered = new("negative_1");
        Field list = legacy
            ? new DataField("negative", typeof(string), isNullable: true, isArray: true)
            : new ListField("negative", new DataField("element", typeof(string), isNullable: true));
        DataField item = legacy ? (DataField)list : (DataField)((ListField)list).Item;
        var schema = new ParquetSchema(anchor, positive, numbered, list);
        await using (FileStream stream = File.Create(path))
        await using (
            ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream, cancellationToken: TestContext.Current.CancellationToken)
        )
        {
            using ParquetRowGroupWriter rows = writer.CreateRowGroup();
            await rows.WriteAsync(anchor, new[] { "q", "r" });
            await rows.WriteAsync(positive, new[] { "p", "s" });
            await rows.WriteAsync(numbered, new[] { "x", null! });
            await rows.WriteAsync(item, new[] { "n", "m", "k" }, repetitionLevels: new[] { 0, 1, 0 });
        }

        Assert.Equal(["1: q | p | x | n | m", "2: r | s | k"], Read(path));
    }

    [Theory]
    [InlineData("negativ")]
    [InlineData("neg-1")]
    [InlineData("negative-1")]
    [InlineData("Negatve_2")]
    [InlineData("hard negative")]
    [InlineData("negative_passages")]
    [InlineData("my_negative")]
    [InlineData("neagtive")]
    public void Unknown_column_similar_to_negatives_is_an_error_with_line_and_known_names(string name)
    {
        using var folder = new TemporaryFolder();
        string json = folder.Write("a.jsonl", """{"anchor":"q","positive":"p"}""", $$"""{"anchor":"q","positive":"p","{{name}}":"n"}""");
        string csv = folder.Write("a.csv", $"anchor,positive,{name}", "q,p,n");
        foreach (string path in (string[])[json, csv])
        {
            InputException error = Assert.Throws<InputException>(() => Read(path).ToList());
            Assert.Contains($"{path}:2: the column '{name}'", error.Message, StringComparison.Ordinal);
            Assert.Contains("negative_1", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a.jsonl", """{"anchor":"q","positive":"p","negative":[1]}""", ":1: 'negative' is neither")]
    [InlineData("a.jsonl", """{"anchor":"q","positive":"p","negative":{"text":"n"}}""", ":1: 'negative' is neither")]
    [InlineData("a.jsonl", """{"anchor":["q","r"],"positive":"p"}""", ":1: 'anchor' is a list of 2")]
    [InlineData("a.jsonl", """{"anchor":"q","positive":"p","score":[1,2]}""", ":1: the score")]
    [InlineData("a.csv", "anchor,positive,negatives\nq,p,['n' 'm']", ":2: 'negatives' is neither")]
    [InlineData("a.csv", "anchor,positive\nq,well, yes", ":2: the row has 3 fields")]
    [InlineData("a.csv", "anchor,positve,negative\nq,p,n", ":1: the header names only one text")]
    [InlineData("a.tsv", "q\tp\t0.5\tn", ":1: 4 columns without a header")]
    [InlineData("a.csv", "anchor,positive,score\nq,p,1\n\"r\nr\",s,2\nt,u,high", ":5: the score 'high'")]
    public void Contradictory_columns_are_an_error(string name, string content, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(name, content);
        Assert.Contains(path + expected, Assert.Throws<InputException>(() => Read(path).ToList()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0)]
    public void Damaged_gzip_file_is_an_error_with_its_name(double cutAt)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.tsv.gz");
        using (var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionMode.Compress)))
        {
            for (int i = 0; i < 20_000; i++)
            {
                writer.WriteLine($"question {i * 7919 % 20_011}\tanswer {i * 104_729 % 20_011}");
            }
        }

        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, cutAt > 0 ? bytes[..(int)(bytes.Length * cutAt)] : "question\tanswer\n"u8.ToArray());
        string message = Assert.Throws<InputException>(() => Read(path).ToList()).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(cutAt > 0 ? "after line " : "damaged", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_UTF_8_is_an_error_with_the_line()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.csv");
        File.WriteAllBytes(path, [.. "anchor,positive\nq,caf"u8, 0xE9, (byte)'\n']);
        Assert.Contains(
            "a.csv:2: bytes that are not UTF-8",
            Assert.Throws<InputException>(() => Read(path).ToList()).Message,
            StringComparison.Ordinal
        );
    }

    private static IEnumerable<string> Read(string path) => PairReader.Read(path).Select(Show);

    private static string Show(PairRow row) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Line}: {string.Join(" | ", row.Negatives.Prepend(row.Positive).Prepend(row.Anchor))}"
                + $"{(row.Score is { } score ? $" = {score}" : "")}"
        );

    [Fact]
    public void Missing_files_and_unknown_formats_are_reported()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(
            "no such file",
            Assert.Throws<InputException>(() => PairReader.Read(folder.File("x.tsv")).ToList()).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            ".xml",
            Assert.Throws<InputException>(() => PairReader.Read(folder.File("x.xml")).ToList()).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Held_out_texts_are_found_in_any_format_and_single_words_are_allowed()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "a.csv",
            "genre\t2012\t5.0\tA man is dancing.\tThe man dances",
            "\"card arrival\",12",
            "<q>lost my card</q>",
            "dog cat 5"
        );
        var held = new HeldBackTexts();
        held.AddFile(folder.Path);
        Assert.True(held.Contains("a man is dancing"));
        Assert.True(held.Contains("THE MAN DANCES!"));
        Assert.True(held.Contains("card arrival"));
        Assert.True(held.Contains("Lost my card"));
        Assert.False(held.Contains("genre"));
        Assert.False(held.Contains("a man is"));
    }

    [Theory]
    [InlineData("a.jsonl.gz")]
    [InlineData("a.zip")]
    public void Damaged_file_of_held_out_texts_is_reported(string name)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File(name);
        File.WriteAllBytes(path, [.. "not packed at all, whatever its name says"u8]);
        Assert.StartsWith(path, Assert.Throws<InputException>(() => new HeldBackTexts().AddFile(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CSV_may_use_semicolons()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(["2: q | well, p"], Read(folder.Write("a.csv", "anchor;positive", "q;well, p")));
    }
}
