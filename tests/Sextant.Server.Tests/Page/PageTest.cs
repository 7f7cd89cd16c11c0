using System.Globalization;
using Microsoft.Playwright;
using Sextant.Models;
using Sextant.Tests.Shared;
using static Microsoft.Playwright.Assertions;

namespace Sextant.Server.Tests.Page;

/// <summary>
/// The web page in a real browser, against the real service. <c>SEXTANT_TEST_SCREENSHOTS=FOLDER</c> keeps what it looked like.
/// </summary>
public abstract class PageTest(Chromium chromium) : IClassFixture<Chromium>, IAsyncDisposable
{
    private static readonly string? Screenshots = Environment.GetEnvironmentVariable("SEXTANT_TEST_SCREENSHOTS");

    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _errors = [];
    private Task _service = Task.CompletedTask;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("sextant-page-").FullName;

    protected IBrowserContext? Context { get; private set; }

    /// <summary>What the browser reported: errors of scripts, and requests that failed.</summary>
    protected string Errors => string.Join('\n', _errors);

    public async ValueTask DisposeAsync()
    {
        if (Context is not null)
            await Context.CloseAsync();
        await _stop.CancelAsync();
        await _service;
        _stop.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected static IEnumerable<string> Rows(int count)
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

    protected static async Task CreateAsync(IPage page, string name)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "New collection" }).First.ClickAsync();
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await Expect(page.GetByText($"Add texts to {name}")).ToBeVisibleAsync();
    }

    /// <summary>Adds the selection. Until the dialog closes, users cannot type elsewhere, though a program could.</summary>
    protected static async Task AddAsync(IPage page, string said)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.GetByText(said)).ToBeVisibleAsync();
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0);
    }

    /// <summary>
    /// Presses a button of a dialog by key: Chromium may still route a click to the map's frame below a dialog that has just opened.
    /// </summary>
    protected static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name }).PressAsync("Enter");

    protected static async Task ShootAsync(IPage page, string name)
    {
        if (Screenshots is not null)
            await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, $"{name}.png") });
    }

    protected async Task<IPage> OpenAsync(BrowserNewContextOptions? how = null, string apiKeys = "", string models = "sextant-small")
    {
        Context = await chromium.NewContextAsync(how);
        TaskCompletionSource<string> started = new();
        Dictionary<string, string?> settings = new()
        {
            ["Sextant:Collections"] = Directory.CreateDirectory(Path.Combine(Folder, "collections")).FullName,
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
        IPage page = await Context.NewPageAsync();
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

    protected static string WebFolder()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Sextant.slnx")))
            at = at.Parent;
        return Path.Combine(at!.FullName, "src", "Sextant.Server", "web");
    }

    /// <summary>Runs axe on the page as it is.</summary>
    protected static async Task ExpectAccessibleAsync(IPage page)
    {
        string axe = Path.Combine(WebFolder(), "node_modules", "axe-core", "axe.min.js");
        Assert.SkipUnless(File.Exists(axe), "axe-core is not installed: npm ci in src/Sextant.Server/web");
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
}
