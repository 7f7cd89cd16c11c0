using System.ComponentModel;
using System.Diagnostics;

namespace Sextant.Server.Tests.Client;

/// <summary>A script in npm/ that uses the service with a third-party client and prints the name of each successful check.</summary>
internal static class NodeScript
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs a script to its end, and skips the test where Node.js or the package is not installed.</summary>
    public static async Task HoldsAsync(ServiceProcess service, string package, string script, string[] arguments, string[] checks)
    {
        string folder = ServiceProcess.Metadata("NpmFolder");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(folder, "node_modules", package)),
            $"{package} is not installed: run npm ci in tests/Sextant.Server.Tests/npm"
        );
        using Process? node = Start([Path.Combine(folder, script), .. arguments], service);
        Assert.SkipWhen(node is null, "Node.js is not installed");
        Task<string> output = node!.StandardOutput.ReadToEndAsync(),
            errors = node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);

        string error = await errors;
        Assert.True(error.Length == 0, error);
        Assert.Equal(checks, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, node.ExitCode);
    }

    private static Process? Start(string[] arguments, ServiceProcess service)
    {
        try
        {
            return Process.Start(
                new ProcessStartInfo("node", ["--no-warnings", .. arguments])
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    Environment = { ["SEXTANT_CACHE"] = Path.Combine(service.Folder, ".cache") },
                }
            );
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
