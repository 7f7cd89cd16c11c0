using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Sextant.Postgres.Tests;

/// <summary>Starts the PostgreSQL with pgvector that comes from npm (see npm/server.mjs).</summary>
internal static class NodePostgres
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static string Script { get; } =
        typeof(NodePostgres).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "PostgresScript").Value!;

    // Within WebAssembly, COPY loses the connection.
    public static string Location(int port) =>
        string.Create(CultureInfo.InvariantCulture, $"postgres://postgres:s3cret@127.0.0.1:{port}/postgres?sslmode=disable&copy=off");

    /// <summary>Starts a server.</summary>
    /// <param name="port">0 for any.</param>
    /// <param name="data">A folder that keeps its data, or <see langword="null"/> for memory.</param>
    /// <returns>The process and its port; or <see langword="null"/> and the reason.</returns>
    public static async Task<(Process? Process, int Port, string WhyNot)> StartAsync(int port, string? data)
    {
        if (!Directory.Exists(Path.Combine(Path.GetDirectoryName(Script)!, "node_modules")))
        {
            return (
                null,
                0,
                "the test server is not installed: run npm ci in tests/Sextant.Postgres.Tests/npm, or name a server by "
                    + "SEXTANT_TEST_POSTGRES"
            );
        }

        ProcessStartInfo start = new("node")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Script, port.ToString(CultureInfo.InvariantCulture) },
        };
        if (data is not null)
            start.ArgumentList.Add(data);
        try
        {
            Process process = Process.Start(start)!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            using CancellationTokenSource timeout = new(Patience);
            string? line = await process.StandardOutput.ReadLineAsync(timeout.Token);
            return int.TryParse(line, CultureInfo.InvariantCulture, out int found)
                ? (process, found, "")
                : throw new InvalidOperationException($"the test server did not start: {line}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (null, 0, "the test server needs node, which is not installed; or name a server by SEXTANT_TEST_POSTGRES");
        }
    }
}
