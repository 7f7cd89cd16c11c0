using System.Globalization;
using Sextant.Tests.Shared.Search;

namespace Sextant.Sources.Tests.Formats;

/// <summary>A column has one type, the one that JSON Lines would give its values.</summary>
public sealed class TableColumnsTests : SourceTest
{
    [Theory]
    [InlineData("0.6369616873214543,0.2697867137638703,1")]
    [InlineData("0.016527635528529094,-1e-7,3E+5")]
    [InlineData("9007199254740992,-9007199254740992,0")]
    [InlineData("3.14159265358979323846264338327950288,2,1.5")]
    [InlineData("1e300,12345678901234567890.5,7")]
    public async Task Numeric_column_is_parsed_like_JSON_Lines(string cells)
    {
        string[] values = cells.Split(',');
        string table = Write("a.csv", "text,n\n" + string.Concat(values.Select((v, i) => $"t{i},{v}\n")));
        string lines = Write("a.jsonl", string.Concat(values.Select((v, i) => $$"""{"text":"t{{i}}","n":{{v}}}""" + "\n")));
        SourceReader reader = new();

        List<SourceDocument> rows = await ReadAsync(reader, table);

        Assert.Equal((await ReadAsync(lines)).Select(d => d.Metadata.ToJsonString()), rows.Select(d => d.Metadata.ToJsonString()));
        Assert.Empty(reader.Warnings);
    }

    [Theory]
    [InlineData("1,2,00123", "'00123' on line 4 starts with a zero")]
    [InlineData("12345678901234567890,1,2", "'12345678901234567890' on line 2 has more digits than a number can represent")]
    [InlineData("1,9007199254740993,2", "'9007199254740993' on line 3 has more digits")]
    [InlineData("1,n/a,2", "'n/a' on line 3 is not a number")]
    [InlineData("1,\"2\",3", "'2' on line 3 is quoted")]
    [InlineData("\"0.5\",\"1.5\",\"2\"", "'0.5' on line 2 is quoted")]
    [InlineData("true,false,yes", "'yes' on line 4 is not true or false")]
    [InlineData("1,true,2", "'true' on line 3 is not a number")]
    [InlineData("1,1e999,2", "'1e999' on line 3 is not a number")]
    public async Task Mixed_column_is_text_and_noted_once(string cells, string note)
    {
        string[] values = cells.Split(',');
        string table = Write("a.csv", "text,n\n" + string.Concat(values.Select((v, i) => $"t{i},{v}\n")));
        SourceReader reader = new();

        List<SourceDocument> rows = await ReadAsync(reader, table);

        Assert.Equal(values.Select(v => v.Trim('"')), rows.Select(d => d.Metadata["n"]!.GetValue<string>()));
        Assert.StartsWith($"{table}: the column 'n' is read as text: {note}", Assert.Single(reader.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_dates_empty_cells_the_text_and_the_id_are_not_noted()
    {
        string table = Write(
            "a.csv",
            "id,text,name,date,score\n007,1984,\"Ann\",2024-02-29,\n12345678901234567890,a text,\"1984\",2024-03-01,0.5\n"
        );
        SourceReader reader = new();

        List<SourceDocument> rows = await ReadAsync(reader, table);

        Assert.Equal(["007", "12345678901234567890"], rows.Select(d => d.Id));
        Assert.Equal(["1984", "a text"], rows.Select(d => d.Text));
        Assert.Equal("""{"name":"1984","date":"2024-03-01","score":0.5}""", rows[1].Metadata.ToJsonString());
        Assert.Empty(reader.Warnings);
    }

    [Fact]
    public async Task A_filter_finds_the_rows_of_ordinary_floats()
    {
        Random random = new(7);
        string table = Write(
            "a.tsv",
            "id\ttext\tscore\n"
                + string.Concat(
                    Enumerable
                        .Range(0, 20)
                        .Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}\tboat {i}\t{random.NextDouble():R}\n"))
                )
        );
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(Path.Combine(Folder, "c"), WordModel.Options());
        await new CollectionIndexer(engine).IndexAsync([table]);

        Assert.Equal(20, (await engine.SearchAsync("boat", 20, new() { Filter = "score >= 0" })).Count);
        Assert.All(
            await engine.SearchAsync("boat", 20, new() { Filter = "score >= 0.5" }),
            hit => Assert.True(hit.Metadata["score"]!.GetValue<double>() >= 0.5)
        );
    }

    [Fact]
    public async Task Spaces_around_a_number_or_a_boolean_are_ignored()
    {
        string table = Write("a.csv", "text, n, b\nt0, 1.5, true\nt1,2 ,\tfalse\nt2, , \n");

        Assert.Equal(
            ["""{"n":1.5,"b":true}""", """{"n":2,"b":false}""", "{}"],
            (await ReadAsync(table)).Select(d => d.Metadata.ToJsonString())
        );
    }

    [Fact]
    public async Task Invalid_row_does_not_affect_column_types()
    {
        string table = Write("a.csv", "text,n\na,1\nbad,row,here\nb,2\n");

        Assert.Equal([1, 2], (await ReadAsync(table, new() { SkipBad = true })).Select(d => d.Metadata["n"]!.GetValue<int>()));
    }
}
