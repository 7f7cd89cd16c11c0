using System.Diagnostics;
using Sextant.Tests.Shared;

namespace Sextant.Core.Tests;

public sealed class LibraryExampleTests
{
    [Fact]
    public async Task Documented_example_finds_the_refund_answer_first()
    {
        using TempFolder folder = new();
        using Process example = LibraryExample.Start(folder.Path);
        Task<string> errors = example.StandardError.ReadToEndAsync();
        string[] lines = (await example.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await example.WaitForExitAsync();

        Assert.SkipWhen((await errors).Contains("carries no sextant-small", StringComparison.Ordinal), "built without the built-in model");
        Assert.True(example.ExitCode == 0, await errors);
        Assert.Equal(3, lines.Length);
        Assert.Matches(@"^-?[01]\.\d\d  You can send an item back", lines[0]);
        Assert.True(Directory.Exists(folder.File("docs.sextant")));
    }
}
