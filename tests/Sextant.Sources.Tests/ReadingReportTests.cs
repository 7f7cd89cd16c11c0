namespace Sextant.Sources.Tests;

/// <summary>What a reader says about a file: how its columns are used, and what it skipped.</summary>
public sealed class ReadingReportTests : SourceTest
{
    [Fact]
    public async Task Columns_of_a_table_are_reported_with_their_use()
    {
        SourceReader reader = new();
        await ReadAsync(reader, Write("a.csv", "id,title,text,year\n1,Cars,The engine does not start,2020\n"));

        Assert.Equal(["id", "title", "text", "year"], reader.Columns!.Names);
        Assert.Equal("id", reader.Columns.Id);
        Assert.Contains("text", reader.Columns.Text);
        Assert.DoesNotContain("year", reader.Columns.Text);

        await ReadAsync(reader, Write("a.txt", "no columns"));
        Assert.Null(reader.Columns);
    }

    [Fact]
    public async Task Columns_are_known_when_none_of_them_looks_like_the_text()
    {
        SourceReader reader = new();

        InputException error = await Assert.ThrowsAsync<InputException>(() => ReadAsync(reader, Write("a.csv", "number,size\n1,2\n3,4\n")));

        Assert.Contains(nameof(SourceReaderOptions.TextField), error.RelatedOptions);
        Assert.Equal(["number", "size"], reader.Columns!.Names);
        Assert.Empty(reader.Columns.Text);
    }

    [Fact]
    public async Task Skipped_rows_are_listed_with_line_and_reason()
    {
        string source = Write("a.jsonl", "{\"text\":\"fine\"}\n{broken\n{\"text\":\"\"}\n");
        SourceReader reader = new(new() { SkipBad = true });

        Assert.Single(await ReadAsync(reader, source));

        Assert.Equal(2, reader.SkippedRows);
        Assert.Equal([2, 3], reader.Skipped.Select(row => row.Line));
        Assert.All(reader.Skipped, row => Assert.Equal(source, row.Source));
        Assert.Contains("JSON", reader.Skipped[0].Reason, StringComparison.Ordinal);
        Assert.Contains("text", reader.Skipped[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_first_thousand_skipped_rows_are_listed()
    {
        string source = Write("a.jsonl", "{\"text\":\"fine\"}\n" + string.Concat(Enumerable.Repeat("{broken\n", 1200)));
        SourceReader reader = new(new() { SkipBad = true });

        await ReadAsync(reader, source);

        Assert.Equal(1200, reader.SkippedRows);
        Assert.Equal(1000, reader.Skipped.Count);
    }
}
