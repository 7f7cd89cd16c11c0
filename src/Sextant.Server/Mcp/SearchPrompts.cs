using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Sextant.Server.Api.Search;
using Sextant.Server.Collections;

namespace Sextant.Server.Mcp;

/// <summary>Prompts that a user chooses: to answer from a collection, and to get to know one.</summary>
[McpServerPromptType]
internal sealed class SearchPrompts(CollectionSet collections, Searches searches, AgentErrors errors)
{
    private const int Passages = 5;

    [McpServerPrompt(Name = "answer")]
    [Description("Answers a question from the best passages of a collection, with their ids.")]
    public Task<GetPromptResult> AnswerAsync(
        [Description("The collection to answer from.")] string collection,
        [Description("The question.")] string question,
        CancellationToken cancellationToken
    ) =>
        errors.InRequestAsync(async () =>
        {
            using CollectionLease lease = await collections.UseAsync(collection, cancellationToken);
            SearchAnswer found = await searches.RunAsync(
                new()
                {
                    Query = question,
                    K = Passages,
                    Mode = SearchModeName.Hybrid,
                },
                lease.Engine,
                cancellationToken
            );
            return new GetPromptResult
            {
                Description = $"Answers from the {found.Results.Count} best passages of {collection}.",
                Messages =
                [
                    .. found.Results.Select(result => new PromptMessage
                    {
                        Role = Role.User,
                        Content = new EmbeddedResourceBlock
                        {
                            Resource = CollectionResources.ContentsOf(collection, result.Id, result.Text, result.Metadata),
                        },
                    }),
                    Ask(
                        "Answer the question from the passages above only, and name the ids that you used in brackets. "
                            + "If they do not contain the answer, search again with the tool search and other words; if nothing helps, "
                            + $"say that the collection {collection} does not contain it.\n\nQuestion: {question}"
                    ),
                ],
            };
        });

    [McpServerPrompt(Name = "explore")]
    [Description("Gets to know a collection: its topics, its fields, and what it can answer.")]
    public Task<GetPromptResult> ExploreAsync(
        [Description("The collection to explore.")] string collection,
        CancellationToken cancellationToken
    ) =>
        errors.InRequestAsync(async () =>
        {
            using CollectionLease lease = await collections.UseAsync(collection, cancellationToken);
            long documents = await lease.Engine.CountAsync(cancellationToken);
            return new GetPromptResult
            {
                Description = $"Explores {collection}.",
                Messages =
                [
                    Ask(
                        $"Describe the collection {collection}, which has {documents} documents. Read some with the tool list_documents, "
                            + "find more about each topic with search, and use the fields of the metadata in filters. Then list the main "
                            + "topics with an example id each, the fields with typical values, and five questions that it answers."
                    ),
                ],
            };
        });

    private static PromptMessage Ask(string text) =>
        new()
        {
            Role = Role.User,
            Content = new TextContentBlock { Text = text },
        };
}
