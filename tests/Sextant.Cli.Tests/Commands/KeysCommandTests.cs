using System.Text.Json;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

public sealed class KeysCommandTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    public void Dispose() => _sextant.Dispose();

    [Fact]
    public async Task Keys_are_created_listed_and_revoked()
    {
        CommandResult created = await _sextant.RunAsync(
            "keys",
            "create",
            "website",
            "--grant",
            "faq=read",
            "--grant",
            "drafts-*=read,write",
            "--usd-per-day",
            "0.5"
        );
        CommandResult again = await _sextant.RunAsync("keys", "create", "website", "--grant", "faq=read");
        CommandResult listed = await _sextant.RunAsync("keys", "list");
        JsonElement key = JsonDocument.Parse((await _sextant.RunAsync("keys", "list", "--json")).Output).RootElement;
        CommandResult revoked = await _sextant.RunAsync("keys", "revoke", "website");
        CommandResult missing = await _sextant.RunAsync("keys", "revoke", "website");

        Assert.StartsWith("sx-", created.Output);
        Assert.Contains("only its hash", created.Error, StringComparison.Ordinal);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("faq=read drafts-*=read,write", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(created.Output.Trim(), listed.Output, StringComparison.Ordinal);
        Assert.Equal(0.5, key.GetProperty("usd_per_day").GetDouble());
        Assert.Equal("write", key.GetProperty("grants")[1].GetProperty("rights")[1].GetString());
        Assert.Equal((0, "website: revoked"), (revoked.ExitCode, revoked.Output.Trim()));
        Assert.Equal(2, missing.ExitCode);
    }

    [Theory]
    [InlineData("keys", "create", "a", "--grant", "faq", "docs-*=read,write")]
    [InlineData("keys", "create", "a", "--grant")]
    [InlineData("keys", "list", "--collections", "nowhere", "no such folder")]
    public async Task Wrong_call_is_an_error_of_one_line(params string[] words)
    {
        CommandResult result = await _sextant.RunAsync(words[..^1]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(words[^1], Assert.Single(result.Error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_sextant.Folder, ".keys.json")));
    }
}
