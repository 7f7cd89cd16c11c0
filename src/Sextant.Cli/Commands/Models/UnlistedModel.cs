using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Models.Catalog;
using Sextant.Models.Hub;

namespace Sextant.Cli.Commands.Models;

/// <summary>
/// The available information about a model that the catalog does not list under its name: a deployment, a server's model, a folder.
/// </summary>
internal static class UnlistedModel
{
    /// <exception cref="InputException">There is no such model, or it would have to be fetched first.</exception>
    public static async Task<CatalogEntry> DescribeAsync(string name, HubClient hub, CancellationToken cancellationToken)
    {
        // To show a model is not to fetch gigabytes of it.
        if (name.StartsWith("hf:", StringComparison.Ordinal) && hub.Find(name) is null)
        {
            throw new InputException(
                $"'{name}' is neither in the catalog nor on this machine; download it with: sextant models pull {name}"
            );
        }

        if (ChosenModel.Packages.Handles(name) && ChosenModel.Packages.Locate(name) is null)
            throw new InputException($"'{name}' is not on this machine; download it with: sextant models pull {name}");
        using IEmbeddingGenerator<string, Embedding<float>> counting = await OpenAsync(
            ChosenModel.CountingRegistry,
            name,
            cancellationToken
        );
        if (counting.GetService<CatalogEntry>() is { } alike)
        {
            return alike with
            {
                Name = name,
                Aliases = [],
                Pooling = "hosted",
                Price = counting.GetService<ModelPrice>()?.UsdPerMillionTokens == alike.Price?.UsdPerMillionTokens ? alike.Price : null,
            };
        }
        if (counting.GetService<ModelPrice>() is null)
            return Describe(counting);
        // Only its server knows how long its vectors are.
        using IEmbeddingGenerator<string, Embedding<float>> asked = await OpenAsync(ChosenModel.Registry, name, cancellationToken);
        return Describe(asked);
    }

    private static Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(
        ModelRegistry models,
        string name,
        CancellationToken cancellationToken
    ) => models.OpenAsync(name, new EmbeddingPipelineOptions { UseCache = false }, cancellationToken);

    private static CatalogEntry Describe(IEmbeddingGenerator<string, Embedding<float>> model)
    {
        ModelProfile profile = model.GetService<ModelProfile>()!;
        return new CatalogEntry
        {
            Name = profile.Name,
            Dimensions = profile.Dimensions,
            MatryoshkaDimensions = profile.MatryoshkaDimensions,
            MaxTokens = profile.MaxTokens,
            Pooling = profile.Pooling,
            Normalized = profile.Provider is "onnx" or "sextant" ? profile.Normalized : null,
            QueryPrompt = profile.QueryPrompt,
            DocumentPrompt = profile.DocumentPrompt,
        };
    }
}
