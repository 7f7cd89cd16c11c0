using System.Text.Json;
using Microsoft.Playwright;
using Sextant.Tests.Shared;

namespace Sextant.Plotting.Tests.Maps;

/// <summary>The page in a real browser, opened from the disk.</summary>
public sealed class MapPageTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncDisposable
{
    private const string Hostile = "</script><script>window.broken = 1</script><img src=x onerror='window.broken = 1'>";

    private readonly string _folder = Directory.CreateTempSubdirectory("sextant-map-").FullName;
    private readonly List<string> _errors = [];
    private IBrowserContext? _context;

    public async ValueTask DisposeAsync()
    {
        if (_context is not null)
            await _context.CloseAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Hover_shows_text_and_metadata_escaped()
    {
        IPage page = await OpenAsync(
            Samples.Clusters(60, 3, i => i == 7 ? Hostile + " 😀 שלום " + new string('x', 10_000) : $"text number {i}")
        );

        await HoverAsync(page, 7);
        string shown = await page.Locator(".tooltip").InnerTextAsync();

        Assert.StartsWith(Hostile + " 😀 שלום xxx", shown, StringComparison.Ordinal);
        Assert.Contains("kind 1", shown, StringComparison.Ordinal);
        Assert.True(shown.Length < 1000);
        Assert.True(
            await page.EvaluateAsync<bool>("window.broken === undefined && document.querySelectorAll('.sextant-map img').length === 0")
        );
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Map_laid_out_while_hidden_appears_when_shown()
    {
        IPage page = await OpenAsync(
            Samples.Clusters(60, 3, i => $"text number {i}"),
            "<style id=\"away\">#map { display: none !important; }</style>"
        );
        await page.EvaluateAsync(
            "() => new Promise(done => { document.getElementById('away').remove(); requestAnimationFrame(() => "
                + "requestAnimationFrame(done)); })"
        );

        await HoverAsync(page, 7);

        Assert.StartsWith("text number 7", await page.Locator(".tooltip").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Search_highlights_points_that_contain_the_words()
    {
        IPage page = await OpenAsync(Samples.Clusters(60, 3, i => i % 10 == 4 ? $"a refund {i}" : $"text number {i}"));

        await page.GetByRole(AriaRole.Searchbox).FillAsync("REFUND");
        await page.GetByText("6 of 60 points selected").WaitForAsync();

        int[] selected = await SelectedAsync(page);
        Assert.Equal([4, 14, 24, 34, 44, 54], selected);
        Assert.Equal(6, await page.Locator(".results button").CountAsync());
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Lasso_selects_enclosed_points_and_saves_the_selection()
    {
        IPage page = await OpenAsync(Samples.Clusters(60, 3, i => i == 3 ? "=1+1, \"quoted\"" : $"text number {i}"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Lasso" }).ClickAsync();
        await EncloseAsync(page, 0);
        await page.GetByText("20 of 60 points selected").WaitForAsync();
        string[] lines = (await SaveAsync(page, "Save JSONL")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string csv = await SaveAsync(page, "Save CSV");

        Assert.Equal(20, lines.Length);
        Assert.All(lines, line => Assert.Equal("kind 0", JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString()));
        Assert.StartsWith("text,kind,size\r\n", csv, StringComparison.Ordinal);
        Assert.Contains("\"'=1+1, \"\"quoted\"\"\",kind 0,3.5\r\n", csv, StringComparison.Ordinal);
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Lasso_over_a_sample_selects_all_enclosed_points()
    {
        IPage page = await OpenAsync(Samples.Clusters(20_000, 4));

        await page.GetByRole(AriaRole.Button, new() { Name = "Lasso" }).ClickAsync();
        await EncloseAsync(page, 0);

        await page.GetByText("5,000 of 20,000 points selected").WaitForAsync();
        Assert.Empty(_errors);
    }

    [Theory]
    [InlineData(390)]
    [InlineData(768)]
    [InlineData(1280)]
    [InlineData(1440)]
    public async Task First_view_shows_every_point_and_whole_names(int width)
    {
        IPage page = await OpenAsync(Samples.Clusters(400, 3, i => $"text number {i} about subject{i % 3}"), width: width);
        LocatorBoundingBoxResult stage = (await page.Locator(".stage").BoundingBoxAsync())!;

        string outside = await page.EvaluateAsync<string>(
            "([left, top, width, height]) => Array.from({ length: 400 }, (_, i) => i).filter(i => { const [x, y] = "
                + "window.sextantMap.screenPosition(i); return x < left || y < top || x > left + width || y > top + height; }).join()",
            new[] { stage.X, stage.Y, stage.Width, stage.Height }
        );
        LocatorBoundingBoxResult[] names = await Task.WhenAll(
            (await page.Locator(".label:visible").AllAsync()).Select(async label => (await label.BoundingBoxAsync())!)
        );

        Assert.Equal("", outside);
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.True(name.X >= stage.X && name.X + name.Width <= stage.X + stage.Width + 1));
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Cluster_choice_zooms_and_show_all_returns()
    {
        IPage page = await OpenAsync(Samples.Clusters(60, 3, i => $"text number {i}"));
        ILocator names = page.Locator(".label:visible");
        await Assertions.Expect(names).ToHaveCountAsync(3);

        await page.GetByLabel("Zoom to cluster").SelectOptionAsync("0");
        await Assertions.Expect(names).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();

        await Assertions.Expect(names).ToHaveCountAsync(3);
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Keyboard_moves_from_point_to_point_and_a_screen_reader_hears_the_text()
    {
        IPage page = await OpenAsync(Samples.Clusters(60, 3, i => $"text number {i}"));
        ILocator spoken = page.Locator(".stage [role=status]");

        await page.Locator(".stage canvas").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(spoken).ToContainTextAsync("text number");
        string first = await spoken.InnerTextAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(spoken).Not.ToHaveTextAsync(first);
        await page.Keyboard.PressAsync("Enter");

        await page.GetByText("1 of 60 points selected").WaitForAsync();
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Date_slider_hides_points_of_other_dates_from_search()
    {
        string[] texts = [.. Enumerable.Range(0, 40).Select(i => $"text number {i}")];
        MapField years = new("published", [.. Enumerable.Range(0, 40).Select(i => $"{2000 + (i % 20)}-05-01")]);
        MapData data = Samples.Clusters(40, 2, i => texts[i]);
        IPage page = await OpenAsync(new(data.Positions, texts, [.. data.Fields, years]));

        await page.GetByLabel("published from").FillAsync("14000");
        await Assertions.Expect(page.Locator(".timeline output")).ToContainTextAsync("2008-05-01");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("text");

        await page.GetByText("24 of 40 points selected").WaitForAsync();
        await page.GetByLabel("published from").FillAsync("11078");
        await page.GetByText("40 of 40 points selected").WaitForAsync();
        Assert.Empty(_errors);
    }

    private async Task<IPage> OpenAsync(MapData data, string head = "", int width = 1000)
    {
        string path = Path.Combine(_folder, "map.html");
        await using (FileStream file = File.Create(path))
            InteractiveMap.WriteHtml(file, data, new() { Label = "kind", Title = "</title><b>Map" });
        if (head.Length > 0)
        {
            await File.WriteAllTextAsync(
                path,
                (await File.ReadAllTextAsync(path)).Replace("</head>", $"{head}</head>", StringComparison.Ordinal)
            );
        }

        _context = await chromium.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = 700 },
            }
        );
        IPage page = await _context.NewPageAsync();
        page.PageError += (_, error) => _errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _errors.Add(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("file:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                _errors.Add(request.Url);
        };
        await page.GotoAsync(new Uri(path).AbsoluteUri);
        await page.WaitForFunctionAsync("window.sextantMap !== undefined");
        return page;
    }

    private static async Task HoverAsync(IPage page, int point)
    {
        float[] at = await ScreenPositionAsync(page, point);
        await page.Mouse.MoveAsync(at[0] - 40, at[1] - 40);
        await page.Mouse.MoveAsync(at[0], at[1], new() { Steps = 4 });
        await page.Locator(".tooltip").WaitForAsync();
    }

    // The points of a category are in a small square; a wide loop around its first point encloses only these.
    private static async Task EncloseAsync(IPage page, int point)
    {
        float[] at = await ScreenPositionAsync(page, point);
        const float Radius = 46;
        await page.Mouse.MoveAsync(at[0] + Radius, at[1]);
        await page.Mouse.DownAsync();
        for (double angle = 0.2; angle < 6.5; angle += 0.2)
        {
            await page.Mouse.MoveAsync((float)(at[0] + (Radius * Math.Cos(angle))), (float)(at[1] + (Radius * Math.Sin(angle))));
            await page.WaitForTimeoutAsync(20);
        }

        await page.Mouse.UpAsync();
    }

    private static Task<float[]> ScreenPositionAsync(IPage page, int point) =>
        page.EvaluateAsync<float[]>("point => window.sextantMap.screenPosition(point)", point);

    private static Task<int[]> SelectedAsync(IPage page) => page.EvaluateAsync<int[]>("window.sextantMap.selected().sort((a, b) => a - b)");

    private static async Task<string> SaveAsync(IPage page, string button)
    {
        IDownload saved = await page.RunAndWaitForDownloadAsync(() =>
            page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync()
        );
        return await File.ReadAllTextAsync(await saved.PathAsync());
    }
}
