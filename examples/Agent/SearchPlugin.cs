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

    [Description("Finds the texts most similar to a query, best first. Scores are cosine similarities.")]
    public async Task<IReadOnlyList<Found>> SearchAsync(
        [Description("The query, in plain words.")] string query,
        [Description("How many at most.")] int count = 3,
        [Description("A condition on the metadata, for instance: topic = 'refunds' and year >= 2020")] string? filter = null,
        CancellationToken cancellationToken = default
    )
    {
        IReadOnlyList<SearchResult> hits = await documents.SearchAsync(query, count, new() { Filter = filter }, cancellationToken);
        return [.. hits.Select(hit => new Found(hit.Id, MathF.Round(hit.Score, 3), hit.Text))];
    }

    [Description("Reads one text with its metadata.")]
    public async Task<string> ReadAsync(
        [Description("The id, as in search results.")] string id,
        CancellationToken cancellationToken = default
    ) =>
        await documents.GetAsync(id, cancellationToken) is { } found
            ? $"{found.Text}\n{found.Metadata?.ToJsonString()}"
            : $"There is no text '{id}'.";

    internal sealed record Found(string Id, float Score, string Text);
}
