using System.ComponentModel;
using System.Diagnostics;

namespace Sextant.Server.Tests;

/// <summary>OpenAI's own client for JavaScript, by the script in npm/.</summary>
public sealed class OpenAINodeTests(SharedService shared)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task The_client_for_JavaScript_works_unchanged()
    {
        string folder = ServiceProcess.Metadata("NpmFolder");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", "openai")), "the client is not installed: run npm ci in tests/Sextant.Server.Tests/npm");
        using Process? node = Start(folder);
        Assert.SkipWhen(node is null, "Node.js is not installed");
        Task<string> output = node!.StandardOutput.ReadToEndAsync(), errors = node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);

        Assert.Equal("", await errors);
        Assert.Equal(
            ["a text", "float and base64 are the same numbers", "a batch in its order", "tokens stand for their text", "fewer dimensions", "models", "errors"],
            (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, node.ExitCode);
    }

    private Process? Start(string folder)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("node", ["--no-warnings", Path.Combine(folder, "openai.mjs"), shared.Service.Url.ToString()])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
