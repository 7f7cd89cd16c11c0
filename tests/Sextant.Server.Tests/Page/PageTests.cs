using Microsoft.Playwright;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Models;
using static Microsoft.Playwright.Assertions;

namespace Sextant.Server.Tests.Page;

/// <summary>The ways through the page that write, search and explore.</summary>
public sealed class PageTests(Chromium chromium) : PageTest(chromium)
{
    private const string Hostile = "<img src=x onerror='window.broken = 1'><script>window.broken = 1</script>";

    [Fact]
    public async Task User_creates_fills_searches_filters_explores_and_deletes_a_collection()
    {
        IPage page = await OpenAsync();
        await CreateAsync(page, "garage");
        string table = Path.Combine(Folder, "rows.csv");
        await File.WriteAllLinesAsync(table, Rows(1000), TestContext.Current.CancellationToken);
        await page.GetByLabel("Or files").SetInputFilesAsync(table);
        await AddAsync(page, "1,000 texts added.");

        // After adding documents, the search box has the focus.
        await Expect(page.Locator("#query")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("my automobile will not run");
        ILocator first = page.Locator(".hit").First,
            ids = page.Locator(".hit .id"),
            kinds = page.Locator(".hit .chip", new() { HasText = "kind" });
        await Expect(first).ToContainTextAsync("vehicle");
        await Expect(page.Locator(".hit")).ToHaveCountAsync(10);

        await first.GetByRole(AriaRole.Button, new() { Name = "kind cars" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove the filter" })).ToBeVisibleAsync();
        await page.Locator("#query").FillAsync("something sweet to bake");
        await Expect(page.Locator("mark")).ToHaveCountAsync(0);
        await Expect(kinds).ToHaveTextAsync(Enumerable.Repeat("kind cars", 10));
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the filter" }).ClickAsync();
        await Expect(first).ToContainTextAsync("cake");

        await page.GetByRole(AriaRole.Button, new() { Name = "Map" }).ClickAsync();
        await Expect(page.FrameLocator("iframe").GetByText("10 of 1,000 points selected")).ToBeVisibleAsync();
        await ShootAsync(page, "walk");

        string like = await ids.First.InnerTextAsync();
        await first.GetByRole(AriaRole.Button, new() { Name = "More like this" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Clear the similarity search" })).ToBeVisibleAsync();
        await Expect(ids.First).Not.ToHaveTextAsync(like);

        string removed = await ids.First.InnerTextAsync();
        await first.GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await PressAsync(page, "Delete…");
        await PressAsync(page, "Yes, delete it");
        await Expect(page.GetByText("Document deleted.")).ToBeVisibleAsync();
        await Expect(page.GetByText("garage (999)")).ToBeAttachedAsync();
        await Expect(ids.First).Not.ToHaveTextAsync(removed);

        await page.GetByRole(AriaRole.Button, new() { Name = "About" }).ClickAsync();
        await PressAsync(page, "Check the index");
        await Expect(page.GetByText("No problems found.")).ToBeVisibleAsync();
        await PressAsync(page, "Delete collection…");
        await PressAsync(page, "Yes, delete garage for good");
        await Expect(page.GetByText("No collection yet")).ToBeVisibleAsync();
        Assert.Equal("", Errors);
    }

    [Fact]
    public async Task Map_follows_the_collection_and_search_includes_added_documents()
    {
        IPage page = await OpenAsync();
        await CreateAsync(page, "full");
        await page.GetByLabel("Texts, one a line").FillAsync(string.Join('\n', Rows(30).Skip(1)));
        await AddAsync(page, "30 texts added.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Map" }).ClickAsync();
        ILocator frame = page.FrameLocator("iframe").Locator("canvas").First;
        await Expect(frame).ToBeVisibleAsync();

        await CreateAsync(page, "void");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByText("add texts to see the map")).ToBeVisibleAsync();
        await page.Locator("#query").FillAsync("puppy");
        await Expect(page.GetByText("This collection is empty", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add texts" }).ClickAsync();
        await page.GetByLabel("Texts, one a line").FillAsync("A young dog");
        await AddAsync(page, "1 text added.");
        await Expect(page.Locator(".hit .text")).ToHaveTextAsync("A young dog");

        await page.Locator(".chooser select").SelectOptionAsync("full");
        await Expect(frame).ToBeVisibleAsync();
        await Expect(page.Locator(".hit").First).ToContainTextAsync("puppy");
        Assert.Equal("", Errors);
    }

    [Fact]
    public async Task Results_are_ranked_in_the_selected_mode_and_notes_are_shown()
    {
        IPage page = await OpenAsync();
        await CreateAsync(page, "ranked");
        await page.GetByLabel("Texts, one a line").FillAsync("The car does not start\nMessage E1234 is printed\nA cake of apples");
        await AddAsync(page, "3 texts added.");
        await page.Locator("#query").FillAsync("automobile E1234");
        ILocator texts = page.Locator(".hit .text"),
            choice = page.GetByLabel("Rank by");
        await Expect(texts).ToHaveCountAsync(3);
        await choice.SelectOptionAsync("keyword");
        await Expect(texts).ToHaveTextAsync(["Message E1234 is printed"]);
        await choice.SelectOptionAsync("hybrid");
        await Expect(texts).ToHaveCountAsync(3);
        await Expect(texts.First).ToHaveTextAsync("Message E1234 is printed");

        // Similar documents are found by semantic search in every mode.
        await page.Locator(".hit").First.GetByRole(AriaRole.Button, new() { Name = "More like this" }).ClickAsync();
        await Expect(choice).ToBeDisabledAsync();
        await Expect(texts).ToHaveCountAsync(2);
        Assert.Equal("", Errors);
    }

    [Fact]
    public async Task Results_are_reranked_and_the_score_names_the_reranker()
    {
        IPage page = await OpenAsync(models: $"sextant-small,{TinyModel.Write(Path.Combine(Folder, "colors"))}");
        await CreateAsync(page, "reranked");
        await page.GetByLabel("Texts, one a line").FillAsync("zebra zebra red\nblue cafe\nblue green\nblue");
        await AddAsync(page, "4 texts added.");
        await page.Locator("#query").FillAsync("zebra blue");
        await page.GetByLabel("Rank by").SelectOptionAsync("keyword");
        ILocator first = page.Locator(".hit").First,
            choice = page.GetByLabel("Rerank with");
        await Expect(first).ToContainTextAsync("zebra zebra red");
        await Expect(first.Locator(".score")).ToContainTextAsync("BM25");
        Assert.Equal(["none", "colors"], await choice.Locator("option").AllInnerTextsAsync());

        await choice.SelectOptionAsync("colors");
        await Expect(first.Locator(".text")).ToHaveTextAsync("blue");
        await Expect(first.Locator(".score")).ToHaveAttributeAsync("title", "Cosine similarity 1.0000 by colors");
        await Expect(first.Locator(".score .kind")).ToHaveTextAsync("Cosine similarity");
        await ShootAsync(page, "reranked");
        Assert.Equal("", Errors);
    }

    [Fact]
    public async Task Untrusted_texts_and_metadata_are_escaped()
    {
        IPage page = await OpenAsync();
        await CreateAsync(page, "strange");
        await page.GetByLabel("Texts, one a line").FillAsync($"{Hostile} refund");
        await AddAsync(page, "1 text added.");
        await page.Locator("#query").FillAsync("refund");

        await Expect(page.Locator(".hit .text").GetByText(Hostile)).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.broken === undefined && document.querySelectorAll('.hit img').length === 0"));
        Assert.Equal("refund", await page.Locator("mark").InnerTextAsync());
        Assert.Equal("", Errors);
    }

    [Fact]
    public async Task Page_prompts_for_a_missing_key_and_continues()
    {
        IPage page = await OpenAsync(apiKeys: "open-sesame-0123456789");

        await page.GetByLabel("Key", new() { Exact = true }).FillAsync("open-sesame-0123456789");
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();

        await Expect(page.GetByText("No collection yet")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(1360, 860, ColorScheme.Light)]
    [InlineData(1360, 860, ColorScheme.Dark)]
    [InlineData(390, 800, ColorScheme.Light)]
    [InlineData(390, 800, ColorScheme.Dark)]
    public async Task Page_has_no_serious_accessibility_violation(int width, int height, ColorScheme scheme)
    {
        IPage page = await OpenAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = height },
                ColorScheme = scheme,
                BypassCSP = true,
            }
        );
        await CreateAsync(page, "garage");
        await page.GetByLabel("Texts, one a line").FillAsync("The car does not start\nA cake of apples");
        await AddAsync(page, "2 texts added.");
        await page.Locator("#query").FillAsync("automobile");
        await Expect(page.Locator(".hit")).ToHaveCountAsync(2);
        await ShootAsync(page, $"page-{width}-{scheme}");

        await ExpectAccessibleAsync(page);
    }
}
