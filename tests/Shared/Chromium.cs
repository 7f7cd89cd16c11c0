using Microsoft.Playwright;

namespace Sextant.Tests.Shared;

/// <summary>The machine's Chromium, started once for the tests of a class; each has its own context.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const float Patience = 120_000;

    private static readonly string? Program =
        Environment.GetEnvironmentVariable("CHROMIUM")
        ?? new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Program is null)
            return;
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = Program,
                Timeout = Patience,
                Args =
                [
                    "--no-sandbox",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--use-gl=angle",
                    "--use-angle=swiftshader",
                    "--enable-unsafe-swiftshader",
                ],
            }
        );
    }

    /// <summary>Opens a separate window for a test; skips the test without a browser.</summary>
    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? how)
    {
        Assert.SkipWhen(_browser is null, "no Chromium on this machine");
        IBrowserContext context = await _browser!.NewContextAsync(how ?? new());
        context.SetDefaultTimeout(Patience);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
