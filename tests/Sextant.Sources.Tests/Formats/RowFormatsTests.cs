namespace Sextant.Sources.Tests.Formats;

public sealed class RowFormatsTests : SourceTest
{
    [Theory]
    [InlineData("""{"text":"T","content":"C"}""", "T")]
    [InlineData("""{"Body":"B","title":"x"}""", "B")]
    [InlineData("""{"question":"Q","answer":"A","topic":"x"}""", "Q\nA")]
    [InlineData("""{"question":"Q","topic":"x"}""", "Q")]
    [InlineData("""{"id":"1","whatever":"W"}""", "W")]
    [InlineData("""{"text":12.50}""", "12.50")]
    public async Task Text_field_is_detected(string row, string text) =>
        Assert.Equal(text, Assert.Single(await ReadAsync(Write("a.jsonl", row))).Text);

    [Fact]
    public async Task One_or_several_text_fields_can_be_named()
    {
        string source = Write("a.jsonl", """{"title":"T","notes":"N","text":"X"}""");

        Assert.Equal("N", Assert.Single(await ReadAsync(source, new() { TextField = "notes" })).Text);
        Assert.Equal("T\nN", Assert.Single(await ReadAsync(source, new() { TextField = "title+Notes" })).Text);
        Assert.Contains("'title', 'notes', 'text'", await ErrorAsync(source, new() { TextField = "no" }), StringComparison.Ordinal);
        string unclear = Write("b.jsonl", """{"a":"T","b":"N"}""");
        Assert.Contains(
            "b.jsonl:1: no field looks like the text field; choose one from 'a', 'b'",
            await ErrorAsync(unclear),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("""{"a":"T","b":"N"}""", null, null, "TextField")]
    [InlineData("""{"a":"T","b":"N"}""", "c", null, "TextField")]
    [InlineData("""{"text":"T"}""", null, "key", "IdField", "SkipBad")]
    [InlineData("""{"text":""", null, null, "SkipBad")]
    public async Task Error_names_the_related_options_and_no_flags(string row, string? text, string? id, params string[] options)
    {
        InputException error = await Assert.ThrowsAsync<InputException>(() =>
            ReadAsync(Write("a.jsonl", row), new() { TextField = text, IdField = id })
        );

        Assert.Equal(options, error.RelatedOptions);
        Assert.DoesNotContain("--", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_joins_the_named_fields_present_in_a_row()
    {
        string source = Write(
            "a.jsonl",
            """
            {"title":"T1","body":"B1"}
            {"title":"T2"}
            {"body":"B3","title":null,"n":1}
            {"title":"","body":"B4"}
            {"other":"x"}
            {"title":"T6","body":"B6"}
            """
        );
        SourceReader reader = new(new() { TextField = "title+body", SkipBad = true });

        Assert.Equal(["T1\nB1", "T2", "B3", "B4", "T6\nB6"], (await ReadAsync(reader, source)).Select(d => d.Text));
        Assert.Equal(1, reader.SkippedRows);
        Assert.Empty(reader.Warnings);
        Assert.Contains(
            $"{source}:5: the row has no field 'title' or 'body', only 'other'",
            await ErrorAsync(source, new() { TextField = "title+body" }),
            StringComparison.Ordinal
        );
        string table = Write("a.csv", "title,body,n\nT1,B1,1\nT2,,2\n,B3,3\n");
        Assert.Equal(["T1\nB1", "T2", "B3"], (await ReadAsync(table, new() { TextField = "title+body" })).Select(d => d.Text));
    }

    [Fact]
    public async Task Misspelled_field_among_several_is_an_error_in_tables_and_a_note_in_JSON_Lines()
    {
        string table = Write("a.csv", "title,body,n\nT1,B1,1\n");
        string rows = Write("a.jsonl", """{"title":"T1","body":"B1"}""");
        SourceReader reader = new(new() { TextField = "title+bdoy" });

        Assert.Contains(
            "there is no field 'bdoy' (did you mean 'body'?); choose",
            await ErrorAsync(table, new() { TextField = "title+bdoy" }),
            StringComparison.Ordinal
        );
        Assert.Equal("T1", Assert.Single(await ReadAsync(reader, rows)).Text);
        Assert.Equal($"{rows}: no row has a field 'bdoy'", Assert.Single(reader.Warnings));
    }

    [Fact]
    public async Task Id_and_metadata_keep_their_types()
    {
        string source = Write("a.jsonl", """{"id":7,"text":"x","year":2024,"new":true,"tags":["a"],"date":"2024-02-29","none":null}""");

        SourceDocument document = Assert.Single(await ReadAsync(source));

        Assert.Equal("7", document.Id);
        Assert.Equal("""{"year":2024,"new":true,"tags":["a"],"date":"2024-02-29","none":null}""", document.Metadata.ToJsonString());
        Assert.Equal("2024-02-29", Assert.Single(await ReadAsync(source, new() { IdField = "date" })).Id);
        Assert.Contains(
            "the row has no field 'dtae' (did you mean 'date'?), only",
            await ErrorAsync(source, new() { IdField = "dtae" }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "a.jsonl:1: the row has no field 'sku', only",
            await ErrorAsync(source, new() { IdField = "sku" }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Column_type_is_inferred_and_empty_cells_are_omitted()
    {
        string source = Write(
            "a.csv",
            "text,n,f,b,zip,phone,long,date,none,quoted\nhello,42,-1.50,TRUE,00123,+49 1,12345678901234567890,2024-02-29,,\"42\"\n"
        );

        SourceDocument document = Assert.Single(await ReadAsync(source));

        Assert.Equal(
            """{"n":42,"f":-1.50,"b":"""
                + """true,"zip":"00123","phone":"\u002B49 1","long":"12345678901234567890","date":"2024-02-29","quoted":"42"}""",
            document.Metadata.ToJsonString()
        );
    }

    [Fact]
    public async Task Quoted_cells_may_contain_separators_newlines_and_quotes_and_line_numbers_are_right()
    {
        string source = Write("a.csv", "text,n\r\n\"one, \"\"two\"\"\r\nthree\",1\r\n\r\n5\" disk,2\r\nbad,3,4\r\n");
        SourceReader reader = new(new() { SkipBad = true });

        List<SourceDocument> documents = await ReadAsync(reader, source);

        Assert.Equal([("one, \"two\"\nthree", 2), ("5\" disk", 5)], documents.Select(d => (d.Text, d.Line)));
        Assert.Equal(1, reader.SkippedRows);
        Assert.Contains($"{source}:6: the row has 3 fields, and the header has 2", await ErrorAsync(source), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unclosed_quote_is_an_error_even_when_invalid_rows_are_skipped()
    {
        string source = Write("a.csv", "text\none\n\"two\nthree\n");

        Assert.Contains(
            $"{source}:3: a quote in this row is not closed",
            await ErrorAsync(source, new() { SkipBad = true }),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("a.tsv", "text\tn\nx, y\t1\n")]
    [InlineData("a.csv", "text;n\nx, y;1\n")]
    [InlineData("b.csv", "text\tn\rx, y\t1\r")]
    public async Task Header_selects_tab_or_semicolon_as_separator(string name, string table)
    {
        SourceDocument document = Assert.Single(await ReadAsync(Write(name, table)));

        Assert.Equal(("x, y", """{"n":1}"""), (document.Text, document.Metadata.ToJsonString()));
    }

    [Theory]
    [InlineData("{\"text\":", "the row is not JSON")]
    [InlineData("[1]", "the row is not a JSON object")]
    [InlineData("{\"text\":\"a\",\"text\":\"b\"}", "the row is not JSON")]
    [InlineData("{\"text\":\"\"}", "has no text")]
    [InlineData("{\"text\":{}}", "has no text")]
    [InlineData("{\"text\":\"\\ud800\"}", "half of a surrogate pair")]
    [InlineData("{\"text\":\"a\",\"x\":[{\"y\":\"\\uDC00\"}]}", "half of a surrogate pair")]
    [InlineData("{\"text\":\"a\",\"\\ud800\":1}", "half of a surrogate pair")]
    [InlineData("{\"text\":\"a\",\"id\":\"..\"}", "the id '..' is a folder")]
    [InlineData("{\"text\":\"a\\u0000b\"}", "NUL")]
    [InlineData("{\"other\":\"a\"}", "has no field 'text', only 'other'")]
    public async Task Invalid_row_is_reported_with_its_line_or_skipped_and_counted(string row, string message)
    {
        string source = Write("a.jsonl", $"{{\"text\":\"good\",\"x\":1}}\n\n{row}\n{{\"text\":\"also good\",\"x\":2}}\n");

        string error = await ErrorAsync(source);
        Assert.StartsWith($"{source}:3: ", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);

        SourceReader reader = new(new() { SkipBad = true });
        Assert.Equal(["good", "also good"], (await ReadAsync(reader, source)).Select(d => d.Text));
        Assert.Equal(1, reader.SkippedRows);
    }

    [Fact]
    public async Task Duplicate_column_is_an_error() =>
        Assert.Contains(
            "a.csv:1: the column 'n' is a duplicate",
            await ErrorAsync(Write("a.csv", "text,n,n\nx,1,2\n")),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Line_of_any_length_is_read_or_reported()
    {
        string longest = new('x', 16 * 1024 * 1024);
        string source = Write("a.txt", $"short\n{longest}\n{longest}x\nlast");
        SourceReader reader = new(new() { SkipBad = true, PlainText = PlainTextUnit.Line });

        Assert.Equal([5, longest.Length, 4], (await ReadAsync(reader, source)).Select(d => d.Text.Length));
        Assert.Equal(1, reader.SkippedRows);
        Assert.Contains($"{source}:3: the line is longer than 16 Mi", await ErrorAsync(source), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_text_is_split_at_blank_lines_or_into_lines()
    {
        string prose = Write("prose.txt", "\n\none\ntwo\n \nthree\n");
        string list = Write("list.txt", "one\ntwo\nthree\n\n");

        Assert.Equal([("one\ntwo", 3), ("three", 6)], (await ReadAsync(prose)).Select(d => (d.Text, d.Line)));
        Assert.Equal([("one", 1), ("two", 2), ("three", 3)], (await ReadAsync(list)).Select(d => (d.Text, d.Line)));
        Assert.Equal(["one", "two", "three"], (await ReadAsync(prose, new() { PlainText = PlainTextUnit.Line })).Select(d => d.Text));
        Assert.Equal(
            ["", "", "one", "two", " ", "three"],
            (await ReadAsync(prose, new() { PlainText = PlainTextUnit.EveryLine })).Select(d => d.Text)
        );
    }
}
