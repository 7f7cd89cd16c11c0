using System.Globalization;
using Microsoft.Playwright;
using Sextant.Tests.Shared;
using static Microsoft.Playwright.Assertions;

namespace Sextant.Server.Tests.Page;

/// <summary>First visit, uploads, browsing, filters, groups, links and the map, at several widths and in both themes.</summary>
public sealed class PageWalkTests(Chromium chromium) : PageTest(chromium)
{
    [Theory]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    public async Task First_visit_offers_an_example_and_questions_from_its_documents(int width, ColorScheme scheme)
    {
        IPage page = await OpenAsync(Window(width, scheme));
        await Expect(page.GetByText("Drop files here")).ToBeVisibleAsync();
        await ExpectAccessibleAsync(page);
        await ShootAsync(page, $"first-{width}-{scheme}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Try the example" }).ClickAsync();
        await Expect(page.GetByText("faq (279)")).ToBeAttachedAsync();
        ILocator questions = page.GetByRole(AriaRole.List, new() { Name = "Example questions" }).GetByRole(AriaRole.Button);
        await Expect(questions).ToHaveCountAsync(4);
        await Expect(page.Locator(".hit")).ToHaveCountAsync(10);
        await ExpectAccessibleAsync(page);
        await ShootAsync(page, $"example-{width}-{scheme}");

        string question = await questions.First.InnerTextAsync();
        await questions.First.ClickAsync();
        await Expect(page.Locator("#query")).ToHaveValueAsync(question);
        await Expect(page.Locator(".hit").First).ToContainTextAsync(question);
        await Expect(page.Locator(".hit .best").First).ToBeVisibleAsync();
        await ExpectAccessibleAsync(page);
        await ShootAsync(page, $"search-{width}-{scheme}");
        Assert.Equal("", Errors);
    }

    [Fact]
    public async Task Upload_is_previewed_before_anything_is_stored_and_lists_skipped_rows()
    {
        IPage page = await OpenAsync(Window(1280, ColorScheme.Dark));
        string table =
                await WriteAsync(
                    "goods.csv",
                    "name,price,note\nLamp,12,The lamp does not light up\nDesk,80,The desk has a scratch\nChair,30\n"
                ),
            guide = await WriteAsync("guide.html", "<html><body><h1>Guide</h1><p>Refunds are paid in five days.</p></body></html>");
        await page.GetByLabel("Choose files").SetInputFilesAsync([table, guide]);

        ILocator goods = page.GetByRole(AriaRole.Region, new() { Name = "goods.csv" }),
            add = page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true });
        await Expect(goods.GetByText("No column looks like the text.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "guide.html" })).ToContainTextAsync("Refunds are paid");
        await Expect(add).ToBeDisabledAsync();
        await goods.GetByLabel("Column of the texts").SelectOptionAsync("note");
        await Expect(goods.GetByRole(AriaRole.List, new() { Name = "First texts" })).ToContainTextAsync("The lamp does not light up");
        await Expect(goods.GetByRole(AriaRole.List, new() { Name = "Columns" })).ToContainTextAsync("price field, number");
        await Expect(goods).ToContainTextAsync("1 row skipped");
        await ExpectAccessibleAsync(page);
        await ShootAsync(page, "preview");
        Assert.Equal(0, await CountAsync(page, "goods"));

        await add.ClickAsync();
        await Expect(goods.GetByText("Line 4: the row has 2 fields")).ToBeVisibleAsync();
        await Expect(goods).ToContainTextAsync("2 added");
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(page.GetByText("goods (3)")).ToBeAttachedAsync();
        Assert.Equal("", Errors);
    }

    [Fact]
    public async Task Canceled_preview_leaves_no_collection()
    {
        IPage page = await OpenAsync();
        await page.GetByLabel("Choose files").SetInputFilesAsync(await WriteAsync("notes.txt", "one\n\ntwo\n"));
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "notes.txt" })).ToContainTextAsync("2 texts");

        await page.Keyboard.PressAsync("Escape");

        await Expect(page.Locator("dialog")).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.GetByText("No collection yet")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Indexing_can_be_canceled_and_says_what_was_stored()
    {
        IPage page = await OpenAsync();
        await page.GetByLabel("Choose files").SetInputFilesAsync(await WriteAsync("rows.csv", string.Join('\n', Rows(60_000))));
        await Expect(page.GetByText("60,000 texts")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.Locator("progress[value]")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await Expect(page.GetByText("Canceled.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true })).ToBeVisibleAsync();
        Assert.True(await CountAsync(page, "rows") < 60_000);
    }

    [Fact]
    public async Task Documents_are_browsed_by_time_and_field_and_filtered_by_facets()
    {
        IPage page = await OpenAsync(Window(1280, ColorScheme.Light));
        await FillAsync(page, 30);
        ILocator numbers = page.Locator(".hit .chip", new() { HasText = "number" }),
            kinds = page.GetByRole(AriaRole.Region, new() { Name = "kind" });
        await Expect(page.GetByText("30 documents")).ToBeVisibleAsync();
        await Expect(numbers.First).ToHaveTextAsync("number 29");
        await page.GetByLabel("Sort by").SelectOptionAsync("number, lowest first");
        await Expect(numbers.First).ToHaveTextAsync("number 0");
        await page.GetByRole(AriaRole.Button, new() { Name = "More documents" }).ClickAsync();
        await Expect(numbers).ToHaveCountAsync(20);

        await Expect(kinds.GetByRole(AriaRole.Button)).ToHaveTextAsync(["cars 10", "food 10", "pets 10"]);
        await kinds.GetByRole(AriaRole.Button, new() { Name = "food" }).ClickAsync();
        await Expect(page.GetByText("10 documents")).ToBeVisibleAsync();
        await kinds.GetByRole(AriaRole.Button, new() { Name = "pets" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Filters" }).GetByRole(AriaRole.Button))
            .ToHaveTextAsync(["kind = 'pets' ✕"]);
        await Expect(numbers.First).ToHaveTextAsync("number 2");
        await Expect(kinds.GetByRole(AriaRole.Button)).ToHaveTextAsync(["cars 10", "food 10", "pets 10"]);
        await ShootAsync(page, "facets");
        await ExpectAccessibleAsync(page);
        Assert.Equal("", Errors);
    }

    [Fact]
    public async Task Parts_of_a_document_are_grouped_and_open_in_their_place()
    {
        IPage page = await OpenAsync(Window(1280, ColorScheme.Light));
        string sections = string.Concat(
            Enumerable
                .Range(1, 12)
                .Select(i =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"## Part {i}\n\nA refund of type {i} is paid in {i} days. Keep the box.\n\n"
                    )
                )
        );
        await page.GetByLabel("Choose files")
            .SetInputFilesAsync([
                await WriteAsync("handbook.md", $"# Handbook\n\n{sections}"),
                await WriteAsync("other.txt", "A cake of apples"),
            ]);
        await Expect(page.GetByText("1 text", new() { Exact = true })).ToBeVisibleAsync();
        await AddAsync(page, "13 texts added.");
        await page.Locator("#query").FillAsync("refund of type 7");
        ILocator first = page.Locator(".hit").First;
        await Expect(first).ToContainTextAsync("type 7");
        await Expect(page.Locator(".hit")).ToHaveCountAsync(2);
        await Expect(first.Locator(".best")).ToHaveTextAsync("A refund of type 7 is paid in 7 days.");

        await page.GetByRole(AriaRole.Button, new() { Name = "3+ more from this document" }).ClickAsync();
        await Expect(page.Locator(".hit")).ToHaveCountAsync(5);
        await ShootAsync(page, "groups");
        await first.GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await Expect(page.GetByText("All 12 parts of the document")).ToBeVisibleAsync();
        await Expect(page.Locator(".part.found")).ToContainTextAsync("type 7");
        await Expect(page.Locator(".part.found")).ToBeInViewportAsync();
        await ExpectAccessibleAsync(page);
        await ShootAsync(page, "opened");
        Assert.Equal("", Errors);
    }

    [Fact]
    public async Task Score_is_explained_by_the_stages_of_the_search()
    {
        IPage page = await OpenAsync();
        await FillAsync(page, 30);
        await page.Locator("#query").FillAsync("automobile engine");
        await page.GetByLabel("Rank by").SelectOptionAsync("hybrid");
        await page.Locator(".hit").First.GetByRole(AriaRole.Button, new() { Name = "Explain the score" }).ClickAsync();

        ILocator stages = page.Locator(".hit").First.Locator(".stages dt");
        await Expect(stages).ToHaveTextAsync(["Semantic", "Keyword", "Fused"]);
        await Expect(page.Locator(".hit").First.Locator(".stages")).ToContainTextAsync("#1");
        Assert.Equal("", Errors);
    }

    [Fact]
    public async Task Wrong_filter_is_not_kept_and_is_explained_at_its_character()
    {
        IPage page = await OpenAsync(Window(1280, ColorScheme.Light));
        await FillAsync(page, 30);
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter…" }).ClickAsync();
        ILocator box = page.GetByLabel("Filter by metadata"),
            chips = page.GetByRole(AriaRole.List, new() { Name = "Filters" });

        await box.FillAsync("kind = cars");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("Character 8: ")).ToBeVisibleAsync();
        await Expect(page.Locator(".wrong")).ToHaveTextAsync("c");
        await Expect(box).ToHaveValueAsync("kind = cars");
        await Expect(chips).ToHaveCountAsync(0);
        await ShootAsync(page, "wrong-filter");
        await ExpectAccessibleAsync(page);

        await box.FillAsync("knid = 'cars'");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("no document has the field 'knid'; did you mean 'kind'?")).ToBeVisibleAsync();
        await Expect(chips).ToHaveCountAsync(0);

        await box.FillAsync("kind = 'cars'");
        await page.Keyboard.PressAsync("Enter");
        await Expect(chips.GetByRole(AriaRole.Button)).ToHaveTextAsync(["kind = 'cars' ✕"]);
        await Expect(page.GetByText("10 documents")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Link_restores_query_filters_and_view()
    {
        IPage page = await OpenAsync(Window(1280, ColorScheme.Light));
        await FillAsync(page, 30);
        await page.Locator("#query").FillAsync("automobile");
        await page.GetByLabel("Rank by").SelectOptionAsync("hybrid");
        await page.Locator(".hit").First.GetByRole(AriaRole.Button, new() { Name = "kind cars" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Map" }).ClickAsync();
        await Expect(page.FrameLocator("iframe").GetByText("10 of 30 points selected")).ToBeVisibleAsync();
        await page.FrameLocator("iframe").GetByLabel("Color by").SelectOptionAsync("number");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("color=number"));
        await Context!.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy link" }).ClickAsync();
        await Expect(page.GetByText("Link copied.")).ToBeVisibleAsync();
        string link = await page.EvaluateAsync<string>("navigator.clipboard.readText()");

        IPage other = await Context.NewPageAsync();
        await other.GotoAsync(link);

        await Expect(other.Locator("#query")).ToHaveValueAsync("automobile");
        await Expect(other.GetByLabel("Rank by")).ToHaveValueAsync("hybrid");
        await Expect(other.GetByRole(AriaRole.Button, new() { Name = "Remove the filter kind = 'cars'" })).ToBeVisibleAsync();
        await Expect(other.FrameLocator("iframe").GetByLabel("Color by"))
            .ToHaveValueAsync(new System.Text.RegularExpressions.Regex("[1-9]"));
        await Expect(other.FrameLocator("iframe").GetByText("10 of 30 points selected")).ToBeVisibleAsync();
        Assert.Equal(link, await other.EvaluateAsync<string>("location.href"));
        Assert.Equal("", Errors);
    }

    [Theory]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(768, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(1440, ColorScheme.Light)]
    public async Task Map_fits_the_page_with_one_search_and_one_theme_switch(int width, ColorScheme scheme)
    {
        IPage page = await OpenAsync(Window(width, scheme));
        await page.GetByRole(AriaRole.Button, new() { Name = "Try the example" }).ClickAsync();
        await Expect(page.Locator(".hit")).ToHaveCountAsync(10);
        await page.GetByRole(AriaRole.Button, new() { Name = "Map" }).ClickAsync();
        IFrameLocator map = page.FrameLocator("iframe");
        await Expect(map.Locator("canvas").First).ToBeVisibleAsync();
        await Expect(map.Locator(".label:visible").First).ToBeVisibleAsync();

        await Expect(map.GetByRole(AriaRole.Searchbox)).ToHaveCountAsync(0);
        await Expect(map.GetByRole(AriaRole.Button, new() { Name = "Dark" })).ToHaveCountAsync(0);
        LocatorBoundingBoxResult frame = (await page.Locator("iframe").BoundingBoxAsync())!,
            stage = (await map.Locator(".stage").BoundingBoxAsync())!;
        Assert.True(frame.X >= 0 && frame.X + frame.Width <= width, "the map is wider than the window");
        Assert.True(stage.Width * stage.Height > 0.5 * frame.Width * frame.Height, "the controls take more than half of the map");
        await ShootAsync(page, $"map-{width}-{scheme}");
        await ExpectAccessibleAsync(page);

        await page.Locator("#query").FillAsync("how do I get my money back");
        await Expect(map.GetByText("10 of 279 points selected")).ToBeVisibleAsync();
        await Expect(page.Locator(".hit .best").First).ToBeVisibleAsync();
        // The notice would cover the picture.
        await page.EvaluateAsync("document.querySelector('.notice button')?.click()");
        await ShootAsync(page, $"page-{width}-{scheme}");
        Assert.Equal("", Errors);
    }

    private static BrowserNewContextOptions Window(int width, ColorScheme scheme) =>
        new()
        {
            ViewportSize = new() { Width = width, Height = 860 },
            ColorScheme = scheme,
            BypassCSP = true,
        };

    private async Task FillAsync(IPage page, int rows)
    {
        await page.GetByLabel("Choose files").SetInputFilesAsync(await WriteAsync("rows.csv", string.Join('\n', Rows(rows))));
        await AddAsync(page, string.Create(CultureInfo.InvariantCulture, $"{rows} texts added."));
    }

    private async Task<string> WriteAsync(string name, string content)
    {
        string path = Path.Combine(Folder, name);
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        return path;
    }

    private static Task<int> CountAsync(IPage page, string name) =>
        page.EvaluateAsync<int>("async name => (await (await fetch(`v1/collections/${name}`)).json()).documents", name);
}
