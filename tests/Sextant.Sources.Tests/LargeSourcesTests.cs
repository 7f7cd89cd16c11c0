namespace Sextant.Sources.Tests;

/// <summary>What a reader holds in memory; alone in the process while it is measured, since others' memory would count as well.</summary>
[Collection(nameof(LargeSourcesTests))]
[CollectionDefinition(nameof(LargeSourcesTests), DisableParallelization = true)]
public sealed class LargeSourcesTests : SourceTest
{
    private const long FileBytes = 100_000_000;

    [Theory]
    [InlineData("a.csv")]
    [InlineData("a.jsonl")]
    public async Task Large_file_is_streamed(string name)
    {
        string row = name == "a.csv" ? new string('x', 1000) : $$"""{"text":"{{new string('x', 1000)}}"}""";
        string source = Write(name, "");
        using (StreamWriter writer = new(source))
        {
            if (name == "a.csv")
                writer.WriteLine("text");
            for (int i = 0; i < FileBytes / 1000; i++)
                writer.WriteLine(row);
        }

        long before = GC.GetTotalMemory(forceFullCollection: true);
        long rows = 0,
            most = 0;
        await foreach (SourceDocument _ in new SourceReader().ReadAsync([source]))
        {
            if (++rows % 20_000 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.Equal(FileBytes / 1000, rows);
        Assert.True(most < FileBytes / 4, $"{most:N0} bytes were held of a file of {FileBytes:N0}");
    }
}
