using System.IO.Compression;
using Parquet;
using Parquet.Schema;
using Sextant.Training.Data;

namespace Sextant.Training.Tests.Data;

public class PairReaderTests
{
    [Fact]
    public void Tsv_without_a_header_holds_anchor_positive_and_a_negative_or_a_score()
    {
        using var folder = new TemporaryFolder();
        PairRow[] rows = [.. PairReader.Read(folder.Write("a.tsv", "q\ta", "q\ta\tn", "q\ta\t0.5"))];
        Assert.Equal([new("q", "a", null, null, 1), new("q", "a", "n", null, 2), new("q", "a", null, 0.5f, 3)], rows);
    }

    [Fact]
    public void Csv_with_quotes_and_a_header_in_any_order()
    {
        using var folder = new TemporaryFolder();
        PairRow[] rows = [.. PairReader.Read(folder.Write("a.csv", "score,answer,Question", "0.25,\"yes, indeed\",\"say \"\"it\"\"\""))];
        Assert.Equal([new("say \"it\"", "yes, indeed", null, 0.25f, 2)], rows, (a, b) => a with { Line = 0 } == b with { Line = 0 });
    }

    [Fact]
    public void Json_lines_packed_or_not()
    {
        using var folder = new TemporaryFolder();
        string packed = folder.File("a.jsonl.gz");
        using (var writer = new StreamWriter(new GZipStream(File.Create(packed), CompressionMode.Compress)))
        {
            writer.WriteLine("""{"query":"q","positive":"p","negative":"n"}""");
        }

        Assert.Equal([new("q", "p", "n", null, 1)], PairReader.Read(packed));
    }

    [Fact]
    public async Task Parquet_with_texts_and_scores_in_columns()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.parquet");
        DataField<string> first = new("sentence1"), second = new("sentence2");
        DataField<double> score = new("score");
        await using (FileStream stream = File.Create(path))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(score, first, second), stream, cancellationToken: TestContext.Current.CancellationToken))
        {
            using ParquetRowGroupWriter rows = writer.CreateRowGroup();
            await rows.WriteAsync<double>(score, new[] { 0.5, 1 });
            await rows.WriteAsync(first, new[] { "q", "r" });
            await rows.WriteAsync(second, new[] { "p", " " });
        }

        using IEnumerator<PairRow> read = PairReader.Read(path).GetEnumerator();
        Assert.True(read.MoveNext());
        Assert.Equal(new PairRow("q", "p", null, 0.5f, 1), read.Current);
        Assert.Contains("a.parquet:2: ", Assert.Throws<InputException>(() => read.MoveNext()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.jsonl", "{\"query\":\"q\",\"positive\":\"p\"}", "{oops", "a.jsonl:2: ")]
    [InlineData("a.jsonl", "{\"query\":\"q\",\"positive\":\"p\"}", "{\"query\":\"q\"}", "a.jsonl:2: ")]
    [InlineData("a.tsv", "q\tp", "only one", "a.tsv:2: ")]
    [InlineData("a.tsv", "anchor\tpositive\tscore", "q\tp\thigh", "a.tsv:2: ")]
    public void A_bad_row_is_named_by_file_and_line(string name, string first, string second, string place)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(name, first, second);
        var error = Assert.Throws<InputException>(() => PairReader.Read(path).ToList());
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_and_unknown_kinds_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no such file", Assert.Throws<InputException>(() => PairReader.Read(folder.File("x.tsv")).ToList()).Message, StringComparison.Ordinal);
        Assert.Contains(".xml", Assert.Throws<InputException>(() => PairReader.Read(folder.File("x.xml")).ToList()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Held_back_texts_are_found_in_any_format_and_single_words_are_let_through()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.csv", "genre\t2012\t5.0\tA man is dancing.\tThe man dances", "\"card arrival\",12", "<q>lost my card</q>", "dog cat 5");
        var held = new HeldBackTexts();
        held.AddFile(folder.Path);
        Assert.True(held.Contains("a man is dancing"));
        Assert.True(held.Contains("THE MAN DANCES!"));
        Assert.True(held.Contains("card arrival"));
        Assert.True(held.Contains("Lost my card"));
        Assert.False(held.Contains("genre"));
        Assert.False(held.Contains("a man is"));
    }
}
