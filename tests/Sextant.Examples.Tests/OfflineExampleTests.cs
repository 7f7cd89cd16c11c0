using Sextant.Tests.Shared;

namespace Sextant.Examples.Tests;

/// <summary>The examples that need nothing but the built-in model do what their pages show.</summary>
public sealed class OfflineExampleTests : IDisposable
{
    private readonly Example _example = new();

    public void Dispose() => _example.Dispose();

    [Fact]
    public async Task Quickstart_goes_from_vectors_to_a_tuned_model()
    {
        CommandResult result = await _example.RunAsync("Quickstart", ["out"]);

        Assert.Contains("paraphrase 0.6935\nunrelated  0.0920\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("Index now contains 279 vectors\n0.493  [refunds] Card refunds", result.Output, StringComparison.Ordinal);
        Assert.Contains("  32 dimensions,   128 bytes: paraphrase 0.837, unrelated 0.068", result.Output, StringComparison.Ordinal);
        byte[] plot = await File.ReadAllBytesAsync(
            Path.Combine(_example.Folder, "out", "embeddings_viz.png"),
            TestContext.Current.CancellationToken
        );
        Assert.Equal("PNG"u8.ToArray(), plot[1..4]);
        Assert.True(Directory.Exists(Path.Combine(_example.Folder, "out", "fine-tuned-embeddings")));
        string scores = Assert.Single(result.Lines, static line => line.StartsWith("224 pairs, MRR", StringComparison.Ordinal));
        string[] words = scores.Split(' ');
        Assert.True(string.CompareOrdinal(words[^1], words[^3]) > 0, scores);
    }

    [Fact]
    public async Task Ticket_deduplication_groups_reports_of_the_same_problem()
    {
        CommandResult result = await _example.RunAsync("TicketDedup", []);

        Assert.Contains(
            "0.648  T-102  I was charged twice for my subscription this month\n       T-107  My card was billed two times",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("- T-103, T-108, T-113: Password reset email never arrives", result.Output, StringComparison.Ordinal);
        // Tickets about something else are in no pair.
        Assert.DoesNotContain("T-118", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("T-109", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agent_calls_its_tool_for_each_question_of_a_conversation_and_answers_from_it()
    {
        CommandResult result = await _example.RunAsync("Agent", ["how do I get my money back", "which payment methods are there"]);

        Assert.Equal(4, result.Lines.Length);
        Assert.Equal("search {\"query\":\"how do I get my money back\"}", result.Lines[0]);
        Assert.Matches("^Card refunds show on your statement .* \\[refunds-02\\]$", result.Lines[1]);
        Assert.Equal("search {\"query\":\"which payment methods are there\"}", result.Lines[2]);
        Assert.Matches("\\[billing-[0-9]+\\]$", result.Lines[3]);
    }

    [Fact]
    public async Task A_search_in_one_file_runs_without_a_project()
    {
        CommandResult result = await _example.RunFileAsync("Notebook/search.cs", Example.File("faq.jsonl"), "how do I get my money back");

        Assert.StartsWith("0.546  When will my refund arrive? Card refunds", result.Output, StringComparison.Ordinal);
        Assert.Equal(3, result.Lines.Length);
    }

    [Fact]
    public async Task An_exploration_in_one_file_names_the_topics()
    {
        CommandResult result = await _example.RunFileAsync("Notebook/explore.cs", Example.File("almanac.jsonl"), "text");

        Assert.Equal(8, result.Lines.Length);
        Assert.Equal(407, result.Lines.Sum(static line => int.Parse(line[..4], System.Globalization.CultureInfo.InvariantCulture)));
    }
}
