using System.Globalization;
using Microsoft.Playwright;
using Sextant.Models;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Models;
using static Microsoft.Playwright.Assertions;

namespace Sextant.Server.Tests.Page;

/// <summary>
/// The web page in a real browser, against the real service. <c>SEXTANT_TEST_SCREENSHOTS=FOLDER</c> keeps what it looked like.
/// </summary>
public sealed class PageTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncDisposable
{
    private const string Hostile = "<img src=x onerror='window.broken = 1'><script>window.broken = 1</script>";

    private static readonly string? Screenshots = Environment.GetEnvironmentVariable("SEXTANT_TEST_SCREENSHOTS");

    private readonly string _folder = Directory.CreateTempSubdirectory("sextant-page-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _errors = [];
    private Task _service = Task.CompletedTask;
    private IBrowserContext? _context;

    public async ValueTask DisposeAsync()
    {
        if (_context is not null)
            await _context.CloseAsync();
        await _stop.CancelAsync();
        await _service;
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task User_creates_fills_searches_filters_explores_and_deletes_a_collection()
    {
        IPage page = await OpenAsync();
        await CreateAsync(page, "garage");
        string table = Path.Combine(_folder, "rows.csv");
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
        Assert.Equal("", string.Join('\n', _errors));
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
        await Expect(page.GetByText("No results.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add texts" }).ClickAsync();
        await page.GetByLabel("Texts, one a line").FillAsync("A young dog");
        await AddAsync(page, "1 text added.");
        await Expect(page.Locator(".hit .text")).ToHaveTextAsync("A young dog");

        await page.Locator(".chooser select").SelectOptionAsync("full");
        await Expect(frame).ToBeVisibleAsync();
        await Expect(page.Locator(".hit").First).ToContainTextAsync("puppy");
        Assert.Equal("", string.Join('\n', _errors));
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
        await choice.SelectOptionAsync("keywords");
        await Expect(texts).ToHaveTextAsync(["Message E1234 is printed"]);
        await choice.SelectOptionAsync("both (hybrid)");
        await Expect(texts).ToHaveCountAsync(3);
        await Expect(texts.First).ToHaveTextAsync("Message E1234 is printed");

        await page.GetByRole(AriaRole.Button, new() { Name = "Filter…" }).ClickAsync();
        await page.GetByLabel("Filter by metadata").FillAsync("topic = 'garage'");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("no document has the field 'topic'")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the filter" }).ClickAsync();
        await Expect(page.GetByText("no document has the field 'topic'")).ToHaveCountAsync(0);

        // Similar documents are found by semantic search in every mode.
        await page.Locator(".hit").First.GetByRole(AriaRole.Button, new() { Name = "More like this" }).ClickAsync();
        await Expect(choice).ToBeDisabledAsync();
        await Expect(texts).ToHaveCountAsync(2);
        Assert.Equal("", string.Join('\n', _errors));
    }

    [Fact]
    public async Task Results_are_reranked_and_the_score_names_the_reranker()
    {
        IPage page = await OpenAsync(models: $"sextant-small,{TinyModel.Write(Path.Combine(_folder, "colors"))}");
        await CreateAsync(page, "reranked");
        await page.GetByLabel("Texts, one a line").FillAsync("zebra zebra red\nblue cafe\nblue green\nblue");
        await AddAsync(page, "4 texts added.");
        await page.Locator("#query").FillAsync("zebra blue");
        await page.GetByLabel("Rank by").SelectOptionAsync("keywords");
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
        Assert.Equal("", string.Join('\n', _errors));
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
        Assert.Equal("", string.Join('\n', _errors));
    }

    [Fact]
    public async Task Page_prompts_for_a_missing_key_and_continues()
    {
        IPage page = await OpenAsync(apiKeys: "open-sesame-0123456789");

        await page.GetByLabel("Key", new() { Exact = true }).FillAsync("open-sesame-0123456789");
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();

        await Expect(page.GetByText("No collection yet")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Invalid_row_is_reported_and_nothing_is_sent()
    {
        IPage page = await OpenAsync();
        await CreateAsync(page, "rows");
        string file = Path.Combine(_folder, "bad.jsonl");
        await File.WriteAllTextAsync(file, "{\"text\": \"fine\"}\n{broken\n", TestContext.Current.CancellationToken);
        await page.GetByLabel("Or files").SetInputFilesAsync(file);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();

        await Expect(page.GetByText("bad.jsonl:2: this line is not JSON")).ToBeVisibleAsync();
        await Expect(page.GetByText("rows (0)")).ToBeAttachedAsync();
    }

    [Theory]
    [InlineData(1360, 860, ColorScheme.Light)]
    [InlineData(1360, 860, ColorScheme.Dark)]
    [InlineData(390, 800, ColorScheme.Light)]
    [InlineData(390, 800, ColorScheme.Dark)]
    public async Task Page_has_no_serious_accessibility_violation(int width, int height, ColorScheme scheme)
    {
        string axe = Path.Combine(WebFolder(), "node_modules", "axe-core", "axe.min.js");
        Assert.SkipUnless(File.Exists(axe), "axe-core is not installed: npm ci in src/Sextant.Server/web");
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

        await page.AddScriptTagAsync(new() { Path = axe });
        string[] found = await page.EvaluateAsync<string[]>(
            "async () => (await axe.run()).violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => `${v.id}: "
                + "${v.nodes[0].html}`)"
        );

        Assert.Empty(found);
        Assert.True(
            await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"),
            "the page is wider than the window"
        );
    }

    private static IEnumerable<string> Rows(int count)
    {
        (string Kind, string Text)[] kinds =
        [
            ("cars", "The engine of this vehicle does not start"),
            ("food", "A cake of apples and cinnamon"),
            ("pets", "The puppy sleeps on the sofa"),
        ];
        return
        [
            "text,kind,number",
            .. Enumerable
                .Range(0, count)
                .Select(i => string.Create(CultureInfo.InvariantCulture, $"\"{kinds[i % 3].Text}, number {i}\",{kinds[i % 3].Kind},{i}")),
        ];
    }

    private static async Task CreateAsync(IPage page, string name)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "New collection" }).First.ClickAsync();
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(page.GetByText($"Add texts to {name}")).ToBeVisibleAsync();
    }

    /// <summary>Adds the selection. Until the dialog closes, users cannot type elsewhere, though a program could.</summary>
    private static async Task AddAsync(IPage page, string said)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.GetByText(said)).ToBeVisibleAsync();
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0);
    }

    /// <summary>
    /// Presses a button of a dialog by key: Chromium may still route a click to the map's frame below a dialog that has just opened.
    /// </summary>
    private static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name }).PressAsync("Enter");

    private static async Task ShootAsync(IPage page, string name)
    {
        if (Screenshots is not null)
            await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, $"{name}.png") });
    }

    private async Task<IPage> OpenAsync(BrowserNewContextOptions? how = null, string apiKeys = "", string models = "sextant-small")
    {
        _context = await chromium.NewContextAsync(how);
        TaskCompletionSource<string> started = new();
        Dictionary<string, string?> settings = new()
        {
            ["Sextant:Collections"] = Directory.CreateDirectory(Path.Combine(_folder, "collections")).FullName,
            ["Sextant:Urls"] = "http://127.0.0.1:0",
            ["Sextant:ApiKeys"] = apiKeys,
            ["Sextant:Models"] = models,
        };
        _service = SextantServer.RunAsync(
            settings,
            ModelRegistry.Default,
            [],
            addresses => started.SetResult(addresses.First()),
            _stop.Token
        );
        // A service that does not start says why.
        if (await Task.WhenAny(_service, started.Task) == _service)
            await _service;
        IPage page = await _context.NewPageAsync();
        page.PageError += (_, error) => _errors.Add(error);
        page.Response += (_, answer) =>
        {
            if (answer.Status >= 400)
                _errors.Add($"{answer.Status} {answer.Request.Method} {answer.Url}");
        };
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _errors.Add($"{message.Text} {message.Location}");
        };
        await page.GotoAsync(await started.Task);
        return page;
    }

    private static string WebFolder()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Sextant.slnx")))
            at = at.Parent;
        return Path.Combine(at!.FullName, "src", "Sextant.Server", "web");
    }
}
