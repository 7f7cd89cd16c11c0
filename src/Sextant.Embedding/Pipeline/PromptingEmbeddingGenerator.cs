using Microsoft.Extensions.AI;

namespace Sextant.Embedding.Pipeline;

/// <summary>Prepends the model's prompt for the role to every text.</summary>
internal sealed class PromptingEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, ModelProfile profile)
    : EmbeddingLayer(inner)
{
    protected override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IReadOnlyList<string> texts,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellationToken
    )
    {
        string prompt = profile.PromptFor(options.GetRole());
        return AskAsync(prompt.Length == 0 ? texts : [.. texts.Select(text => prompt + text)], options, cancellationToken);
    }
}
