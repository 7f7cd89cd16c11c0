using System.ComponentModel;
using Microsoft.Extensions.AI;
using Sextant;

namespace Agent;

/// <summary>
/// A collection as tools of an agent. <see cref="AIFunction"/> is what Microsoft.Extensions.AI, the Agent Framework and Semantic Kernel
/// (<c>function.AsKernelFunction()</c>) all take.
/// </summary>
internal sealed class SearchPlugin(SemanticSearchEngine documents)
{
    public IList<AITool> Tools => [AIFunctionFactory.Create(SearchAsync, "search"), AIFunctionFactory.Create(ReadAsync, "read")];

    [Description("Finds the texts that are nearest in meaning to a query, best first. Scores are cosine similarities.")]
    public async Task<IReadOnlyList<Found>> SearchAsync(
        [Description("What to look for, in plain words.")] string query,
        [Description("How many at most.")] int count = 3,
        [Description("A condition on the metadata, for instance: topic = 'refunds' and year >= 2020")] string? filter = null,
        CancellationToken cancellationToken = default
    )
    {
        IReadOnlyList<SearchResult> hits = await documents.SearchAsync(query, count, new() { Filter = filter }, cancellationToken);
        return [.. hits.Select(hit => new Found(hit.Id, MathF.Round(hit.Score, 3), hit.Text))];
    }

    [Description("Reads one text with all that is known of it.")]
    public async Task<string> ReadAsync(
        [Description("The id, as search gives it.")] string id,
        CancellationToken cancellationToken = default
    ) =>
        await documents.GetAsync(id, cancellationToken) is { } found
            ? $"{found.Text}\n{found.Metadata?.ToJsonString()}"
            : $"There is no text '{id}'.";

    internal sealed record Found(string Id, float Score, string Text);
}
