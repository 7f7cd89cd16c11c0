using System.Text.Json.Nodes;
using DocumentFormat.OpenXml.Packaging;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;
using Sheets = DocumentFormat.OpenXml.Spreadsheet;

namespace Sextant.Sources.Tests.Formats;

/// <summary>Documents written by pandoc, Chromium, openpyxl and Python (<c>samples/make.sh</c>), and damaged ones.</summary>
public sealed class DocumentFormatsTests : SourceTest
{
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "samples");

    [Theory]
    [InlineData("docx")]
    [InlineData("epub")]
    [InlineData("rst")]
    [InlineData("adoc")]
    [InlineData("ipynb")]
    public async Task Headings_start_sections_and_their_text_stays_together(string kind)
    {
        List<SourceDocument> documents = await SampleAsync(kind);

        SourceDocument compost = Assert.Single(
            documents,
            static d => Section(d)?.EndsWith("Soil > Compost", StringComparison.Ordinal) == true
        );
        Assert.Contains("Compost feeds the soil for a whole year.", compost.Text, StringComparison.Ordinal);
        Assert.EndsWith("soil/compost", compost.Id, StringComparison.Ordinal);
        SourceDocument tools = Assert.Single(documents, static d => Section(d)?.EndsWith("Tools", StringComparison.Ordinal) == true);
        Assert.Contains("raking leaves", tools.Text, StringComparison.Ordinal);
        Assert.Contains("def water(plant):\n", tools.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            documents,
            static d => d.Text.Contains("Compost", StringComparison.Ordinal) && d.Text.Contains("spade", StringComparison.Ordinal)
        );
        Assert.Equal(documents.Count, documents.Select(static d => d.Id).Distinct().Count());
    }

    [Fact]
    public async Task Word_documents_keep_title_lists_tables_and_footnotes()
    {
        List<SourceDocument> documents = await SampleAsync("docx");

        Assert.All(documents, static d => Assert.Equal("The garden book", (string?)d.Metadata["title"]));
        Assert.Equal(
            "Soil\n\nGood soil holds water and air. Dig it over in spring.\n\n- sand drains fast\n- clay drains slowly\n\nClay holds too "
                + "much water.",
            documents[1].Text
        );
        Assert.Contains(
            "| tool | use |\n| --- | --- |\n| spade | digging |\n| rake | raking leaves |",
            documents[3].Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Slides_are_documents_with_title_tables_and_number()
    {
        List<SourceDocument> documents = await SampleAsync("pptx");

        SourceDocument tools = Assert.Single(documents, static d => Section(d) == "Tools");
        Assert.Equal(3, (int?)tools.Metadata["slide"]);
        Assert.Equal("Tools\n\n| tool | use |\n| --- | --- |\n| spade | digging |\n| rake | raking leaves |", tools.Text);
        Assert.Equal(
            "def water(plant):\n    return plant.thirst > 3",
            Assert.Single(documents, static d => (int?)d.Metadata["slide"] == 4).Text
        );
    }

    [Fact]
    public async Task Workbook_rows_have_numbers_dates_and_their_sheet()
    {
        List<SourceDocument> documents = await SampleAsync("xlsx");

        Assert.Equal(4, documents.Count);
        Assert.Equal("Tool: Spade\nPrice: 19.5\nBought: 2024-05-01\nSharp: true", documents[0].Text);
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse("""{"Tool":"Rake","Price":25,"Bought":"2023-01-02T10:30:00","Sharp":false,"sheet":"Tools"}"""),
                documents[1].Metadata
            )
        );
        Assert.Equal("Tool: Hose", documents[2].Text);
        Assert.Equal(("q1", "When do I water?\nIn the morning."), (documents[3].Id, documents[3].Text));
    }

    [Fact]
    public async Task PDF_columns_are_read_in_order()
    {
        SourceDocument page = Assert.Single(await SampleAsync("pdf"));

        string text = page.Text.ReplaceLineEndings(" ");
        string[] order =
        [
            "Good soil holds water and air. Dig it over in spring.",
            "clay drains slowly",
            "Compost feeds the soil for a whole year.",
            "raking leaves",
            "return plant.thirst",
        ];
        int[] places = [.. order.Select(part => text.IndexOf(part, StringComparison.Ordinal))];
        Assert.Equal(places.Order(), places);
        Assert.DoesNotContain(-1, places);
        Assert.Equal(("The garden book", 1), ((string?)page.Metadata["title"], (int?)page.Metadata["page"]));
    }

    [Fact]
    public async Task PDF_pages_with_images_but_no_text_are_reported()
    {
        using PdfDocumentBuilder pdf = new();
        PdfDocumentBuilder.AddedFont font = pdf.AddStandard14Font(Standard14Font.Helvetica);
        pdf.AddPage(PageSize.A4).AddText("A page", 12, new PdfPoint(50, 700), font);
        pdf.AddPage(PageSize.A4).AddPng(OnePixel, new PdfRectangle(0, 0, 100, 100));
        string source = Write("scan.pdf", pdf.Build());
        SourceReader reader = new();

        Assert.Equal(1, (int?)Assert.Single(await ReadAsync(reader, source)).Metadata["page"]);
        Assert.Contains("page 2 holds images without text", Assert.Single(reader.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_has_subject_text_and_attachment_names()
    {
        SourceDocument mail = Assert.Single(await SampleAsync("eml"));

        Assert.Equal("Café in the garden\n\nWe open at nine.", mail.Text);
        Assert.Equal("2026-11-30T10:00:00+01:00", (string?)mail.Metadata["date"]);
        Assert.Equal("seeds.bin", (string?)mail.Metadata["attachments"]![0]);
    }

    [Fact]
    public async Task Code_file_is_one_document_with_its_language_and_is_split_between_functions()
    {
        string[] functions = [.. Enumerable.Range(0, 6).Select(static i => $"def f{i}(a):\n    b = a + {i}\n\n    return b * b\n")];
        SourceDocument file = Assert.Single(await ReadAsync(Write("code.py", string.Join("\n\n", functions))));

        Assert.Equal("python", (string?)file.Metadata["language"]);
        string[] parts = [.. new TextChunker(new WordCounter(), 24).Chunk(file).Select(static part => part.Text)];
        Assert.Equal(file.Text, string.Concat(parts));
        Assert.True(parts.Length > 1);
        Assert.All(parts, static part => Assert.StartsWith("def f", part, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_chunk_of_a_table_repeats_the_header()
    {
        string header = "| name | price |\n| --- | --- |\n";
        string table = header + string.Concat(Enumerable.Range(0, 40).Select(static i => $"| item{i} | {i} |\n"));
        SourceDocument page = Assert.Single(await ReadAsync(Write("prices.md", $"# Prices\n\nAll of them:\n\n{table}\nThat is all.\n")));

        string[] parts = [.. new TextChunker(new WordCounter(), 60).Chunk(page).Select(static part => part.Text)];

        Assert.True(parts.Length > 3);
        Assert.All(parts, static part => Assert.True(new WordCounter().Count(part) <= 60));
        Assert.All(
            parts.Where(static part => part.Contains("| item", StringComparison.Ordinal)),
            part => Assert.Contains(header, part, StringComparison.Ordinal)
        );
        for (int i = 0; i < 40; i++)
            Assert.Single(parts, part => part.Contains($"| item{i} |", StringComparison.Ordinal));
    }

    [Fact]
    public async Task JSON_array_items_are_rows_and_a_path_selects_other_arrays()
    {
        string rows = """{"data":{"items":[{"title":"A","body":"cats purr"},{"title":"B","body":"dogs bark"}]}}""";
        Assert.Equal(
            ["one", "two"],
            (await ReadAsync(Write("a.json", """[{"text":"one","n":1},{"text":"two"}]"""))).Select(static d => d.Text)
        );
        Assert.Equal(["x", "y"], (await ReadAsync(Write("b.json", """["x","y"]"""))).Select(static d => d.Text));
        string nested = Write("c.json", rows);
        Assert.Equal(["cats purr", "dogs bark"], (await ReadAsync(nested, new() { JsonPath = "data.items" })).Select(static d => d.Text));
        Assert.Equal(["cats purr", "dogs bark"], (await ReadAsync(nested, new() { JsonPath = "/data/items" })).Select(static d => d.Text));
        Assert.Equal(rows, Assert.Single(await ReadAsync(nested)).Text);
        Assert.Contains(
            "the path 'data.rows' has no 'rows'",
            await ErrorAsync(nested, new() { JsonPath = "data.rows" }),
            StringComparison.Ordinal
        );
        Assert.Contains("d.json:2: the file is not JSON", await ErrorAsync(Write("d.json", "[1,\n{]")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.json", """[{"text":"a","text":"b"}]""")]
    [InlineData("a.json", """[{"text":"a","more":{"x":1,"x":2}}]""")]
    [InlineData("a.ipynb", """{"cells":[],"cells":[]}""")]
    public async Task Duplicate_JSON_property_is_an_error_as_in_JSON_Lines(string name, string json)
    {
        string error = await ErrorAsync(Write(name, json));
        Assert.Contains($"{name}:1: the ", error, StringComparison.Ordinal);
        Assert.Contains("is not JSON (Duplicate property", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_text_cell_is_an_invalid_row_and_a_column_named_sheet_is_kept()
    {
        uint number = 0;
        string source = Path.Combine(Folder, "rows.xlsx");
        using (var book = SpreadsheetDocument.Create(source, DocumentFormat.OpenXml.SpreadsheetDocumentType.Workbook))
        {
            WorkbookPart part = book.AddWorkbookPart();
            WorksheetPart cells = part.AddNewPart<WorksheetPart>("r1");
            cells.Worksheet = new(new Sheets.SheetData(Row("text", "sheet"), Row(null, "mine"), Row("hello", "mine")));
            part.Workbook = new(
                new Sheets.Sheets(
                    new Sheets.Sheet
                    {
                        Name = "T",
                        SheetId = 1,
                        Id = "r1",
                    }
                )
            );
        }

        Assert.Contains("rows.xlsx:2: the field 'text' has no text", await ErrorAsync(source), StringComparison.Ordinal);
        SourceReader reader = new(new() { SkipBad = true });
        SourceDocument document = Assert.Single(await ReadAsync(reader, source));
        Assert.Equal(("hello", "mine"), (document.Text, (string?)document.Metadata["sheet"]));
        Assert.Equal(1, reader.SkippedRows);

        Sheets.Row Row(params string?[] values) =>
            new(
                values.Select(
                    (value, i) =>
                        new Sheets.Cell
                        {
                            CellReference = $"{(char)('A' + i)}{number + 1}",
                            DataType = Sheets.CellValues.String,
                            CellValue = new(value ?? ""),
                        }
                )
            )
            {
                RowIndex = ++number,
            };
    }

    [Theory]
    [InlineData("pdf")]
    [InlineData("docx")]
    [InlineData("pptx")]
    [InlineData("xlsx")]
    [InlineData("epub")]
    [InlineData("ipynb")]
    public async Task Damaged_file_is_an_error_with_its_name_or_skipped(string kind)
    {
        byte[] whole = await File.ReadAllBytesAsync(Path.Combine(Samples, $"garden.{kind}"), TestContext.Current.CancellationToken);
        Random random = new(1);
        foreach (
            byte[] bytes in (byte[][])
                [
                    [],
                    whole[..(whole.Length / 2)],
                    [.. Enumerable.Range(0, 3000).Select(_ => (byte)random.Next(256))],
                ]
        )
        {
            string source = Write($"bad.{kind}", bytes);
            string error = await ErrorAsync(source);
            Assert.StartsWith($"{source}:", error, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error);
            SourceReader reader = new(new() { SkipBad = true });
            Assert.Empty(await ReadAsync(reader, source));
            Assert.Equal(1, reader.SkippedRows);
        }

        // A file with flipped bytes is read or rejected, but never anything else.
        for (int i = 0; i < 20; i++)
        {
            byte[] flipped = [.. whole];
            for (int j = 0; j < 20; j++)
                flipped[random.Next(flipped.Length)] = (byte)random.Next(256);
            await ReadAsync(new SourceReader(new() { SkipBad = true }), Write($"flipped.{kind}", flipped));
        }
    }

    [Fact]
    public async Task Document_that_decompresses_beyond_the_limit_is_rejected()
    {
        string source = Path.Combine(Folder, "bomb.docx");
        using (var package = WordprocessingDocument.Create(source, DocumentFormat.OpenXml.WordprocessingDocumentType.Document))
        {
            MainDocumentPart main = package.AddMainDocumentPart();
            using StreamWriter writer = new(main.GetStream(FileMode.Create));
            await writer.WriteAsync(
                "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>"
            );
            string million = new('a', 1_000_000);
            for (int i = 0; i < 300; i++)
                await writer.WriteAsync(million);
            await writer.WriteAsync("</w:t></w:r></w:p></w:body></w:document>");
        }

        Assert.True(new FileInfo(source).Length < 2_000_000);
        Assert.Contains("the file cannot be read", await ErrorAsync(source), StringComparison.Ordinal);
    }

    private static readonly byte[] OnePixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC"
    );

    private static Task<List<SourceDocument>> SampleAsync(string kind) => ReadAsync(Path.Combine(Samples, $"garden.{kind}"));

    private static string? Section(SourceDocument document) => (string?)document.Metadata["section"];

    private sealed class WordCounter : Tokenizers.ITokenCounter
    {
        public bool IsExact => true;

        public int Count(ReadOnlySpan<char> text) => text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
    }
}
