using System.Net;
using System.Net.Sockets;
using Sextant.Tests.Shared;

namespace Sextant.Cli.Tests.Commands;

/// <summary>What the command says and does where it cannot write, or cannot listen.</summary>
public sealed class ReadOnlyLocationTests : IDisposable
{
    private readonly SextantCommand _sextant = new();

    private string Closed => Path.Combine(_sextant.Folder, "closed");

    public void Dispose() => _sextant.Dispose();

    [Theory]
    [InlineData("embed", "hello", "-o", "closed/vectors.npy")]
    [InlineData("embed", "hello", "-o", "closed/vectors.jsonl")]
    [InlineData("plot", "faq.jsonl", "-o", "closed/map.svg")]
    [InlineData("collection", "backup", "faq.sextant", "closed/backup.db")]
    [InlineData("collection", "export", "faq.sextant", "-o", "closed/faq.jsonl")]
    [InlineData("collection", "export", "faq.sextant", "-o", "closed/faq.npy")]
    public async Task Error_names_the_requested_file(params string[] arguments)
    {
        await CollectionAsync();
        Directory.CreateDirectory(Closed);
        using (ReadOnlyFolder.Make(Closed))
        {
            CommandResult result = await _sextant.RunAsync(arguments);

            string line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Equal(1, result.ExitCode);
            Assert.Contains(Path.GetFileName(arguments[^1]), line, StringComparison.Ordinal);
            Assert.DoesNotContain(".tmp", line, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(Closed));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task File_is_searched_with_a_read_only_cache(bool noCache)
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        Directory.CreateDirectory(Closed);
        string temporary = Path.Combine(_sextant.Folder, "tmp");
        Directory.CreateDirectory(temporary);
        _sextant.Environment["SEXTANT_CACHE"] = Path.Combine(Closed, "cache");
        _sextant.Environment["TMPDIR"] = temporary;
        using (ReadOnlyFolder.Make(Closed))
        {
            CommandResult result = await _sextant.RunAsync([
                "search",
                "faq.jsonl",
                "how do I get my money back",
                "--json",
                .. noCache ? ["--no-cache"] : Array.Empty<string>(),
            ]);

            Assert.Equal(0, result.ExitCode);
            Assert.Contains("refund", result.Lines[0], StringComparison.OrdinalIgnoreCase);
            Assert.Contains(
                "temporary",
                Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
                StringComparison.Ordinal
            );
        }

        Assert.Empty(Directory.EnumerateDirectories(temporary, "sextant-*"));
    }

    [Fact]
    public async Task Previously_indexed_file_is_searched_in_a_read_only_cache()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        string cache = _sextant.Environment["SEXTANT_CACHE"] = Path.Combine(Closed, "cache");
        Assert.Equal(0, (await _sextant.RunAsync("search", "faq.jsonl", "my money back")).ExitCode);
        using (ReadOnlyFolder.Make(cache))
        {
            CommandResult result = await _sextant.RunAsync("search", "faq.jsonl", "how do I get my money back");

            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            Assert.Contains("refund", result.Output, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Read_only_collection_can_be_searched_verified_plotted_copied_and_exported()
    {
        await CollectionAsync();
        using (ReadOnlyFolder.Make(Path.Combine(_sextant.Folder, "faq.sextant")))
        {
            foreach (
                string[] arguments in (string[][])
                    [
                        ["search", "faq.sextant", "my money back", "--hybrid"],
                        ["collection", "info", "faq.sextant"],
                        ["collection", "verify", "faq.sextant", "--recall"],
                        ["plot", "faq.sextant", "-o", "map.html"],
                        ["collection", "copy", "faq.sextant", "copy.sextant"],
                        ["collection", "export", "faq.sextant", "-o", "faq.npy"],
                        ["collection", "backup", "faq.sextant", "backup.db"],
                    ]
            )
            {
                CommandResult result = await _sextant.RunAsync(arguments);
                Assert.True(result.ExitCode == 0, $"{string.Join(' ', arguments)}: {result.Error}");
            }

            CommandResult refused = await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant");
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains(
                "cannot be written",
                Assert.Single(refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task Missing_collections_folder_is_an_error_without_the_create_option()
    {
        CommandResult result = await _sextant.RunAsync("serve", "--collections", "colections");
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("sextant: colections: no such folder; check the name, or add --create to create it", result.Error.Trim());
        _sextant.Environment["SEXTANT_COLLECTIONS"] = "colections";
        Assert.Equal(2, (await _sextant.RunAsync("serve")).ExitCode);
        CommandResult mcp = await _sextant.RunAsync(["mcp", "--collections", "colections"], input: "");
        Assert.Equal(2, mcp.ExitCode);
        Assert.Contains(
            "no such folder",
            Assert.Single(mcp.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(Path.Combine(_sextant.Folder, "colections")));
        _sextant.Environment.Remove("SEXTANT_COLLECTIONS");

        CommandResult made = await _sextant.KillAsync(
            ["serve", "--collections", "new", "--create", "--urls", "http://127.0.0.1:0"],
            () => Directory.Exists(Path.Combine(_sextant.Folder, "new"))
        );
        Assert.True(Directory.Exists(Path.Combine(_sextant.Folder, "new")), made.Error);
    }

    [Theory]
    [InlineData("""{"a":"T","b":"N"}""", "rows.jsonl:1: no field looks like the text field; choose one from 'a', 'b' (--text)")]
    [InlineData(
        "{\"text\":\"T\"}\n{\"a\":\"T\"}",
        "rows.jsonl:2: the row has no field 'text', only 'a'; name the text field; such rows can be skipped (--text, --skip-bad)"
    )]
    [InlineData("{", "such rows can be skipped (--skip-bad)")]
    public async Task Source_error_names_the_options_that_fix_it(string rows, string end)
    {
        _sextant.Write("rows.jsonl", rows);

        CommandResult result = await _sextant.RunAsync("index", "rows.jsonl", "--to", "c");

        Assert.Equal(2, result.ExitCode);
        Assert.EndsWith(end, result.Error.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_in_use_is_a_one_line_error()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        string url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        CommandResult result = await _sextant.RunAsync("serve", "--urls", url);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal($"sextant: {url} is in use by another program; stop it, or choose another address (--urls)", result.Error.Trim());
    }

    [Fact]
    public async Task Launcher_script_runs_through_symbolic_links()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("it is a script for bash");
            return;
        }

        // A checkout in which a program called dotnet says what it was asked to run.
        _sextant.Write("checkout/src/Program.cs", "");
        _sextant.Write("checkout/models/card.md", "");
        _sextant.Write("checkout/Directory.Build.props", "");
        string script = Path.Combine(_sextant.Folder, "checkout", "sextant"),
            dotnet = _sextant.Write("bin/dotnet", "#!/bin/sh\necho \"$@\"\n");
        File.Copy(Path.Combine(SextantCommand.Repository, "sextant"), script);
        File.SetUnixFileMode(dotnet, File.GetUnixFileMode(script));
        string program = _sextant.Write("checkout/src/Sextant.Cli/bin/Release/Sextant.Cli.dll", "");
        File.SetLastWriteTimeUtc(program, DateTime.UtcNow.AddMinutes(1));
        _sextant.Environment["PATH"] = $"{Path.GetDirectoryName(dotnet)}:{System.Environment.GetEnvironmentVariable("PATH")}";
        File.CreateSymbolicLink(Path.Combine(_sextant.Folder, "first"), script);
        string link = Path.Combine(_sextant.Folder, "bin", "sextant");
        File.CreateSymbolicLink(link, "../first");

        CommandResult result = await _sextant.RunProgramAsync(link, ["search", "two words"]);
        Assert.Equal((0, $"{program} search two words\n", ""), (result.ExitCode, result.Output, result.Error));

        File.SetLastWriteTimeUtc(program, DateTime.UtcNow.AddMinutes(-1));
        CommandResult built = await _sextant.RunProgramAsync(link, ["search"]);
        Assert.Equal((0, $"{program} search\n"), (built.ExitCode, built.Output));
        Assert.StartsWith("sextant: building", built.Error, StringComparison.Ordinal);
        Assert.Contains("build ", built.Error, StringComparison.Ordinal);
    }

    private async Task CollectionAsync()
    {
        _sextant.Write("faq.jsonl", Faq.JsonLines);
        Assert.Equal(0, (await _sextant.RunAsync("index", "faq.jsonl", "--to", "faq.sextant")).ExitCode);
    }
}
