using Microsoft.Extensions.AI;

namespace Sextant.Embedding.Pipeline;

/// <summary>
/// Returns the zero vector, which is similar to nothing, for empty and white-space texts, and calls the model only for the others.
/// </summary>
internal sealed class EmptyTextEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, ModelProfile? profile)
    : EmbeddingLayer(inner)
{
    protected override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IReadOnlyList<string> texts,
        EmbeddingGenerationOptions? options,
        CancellationToken cancellationToken
    )
    {
        string[] full = [.. texts.Where(static text => !string.IsNullOrWhiteSpace(text))];
        if (full.Length == texts.Count)
        {
            return await AskAsync(texts, options, cancellationToken).ConfigureAwait(false);
        }

        if (full.Length == 0 && profile is null)
        {
            throw new InputException("every text is empty, and the model does not report its dimensions");
        }

        GeneratedEmbeddings<Embedding<float>> generated =
            full.Length == 0 ? new() { Usage = NoUsage() } : await AskAsync(full, options, cancellationToken).ConfigureAwait(false);
        var zero = new Embedding<float>(new float[profile?.Dimensions ?? generated[0].Vector.Length]);
        int next = 0;
        return With(generated, [.. texts.Select(text => string.IsNullOrWhiteSpace(text) ? zero : generated[next++])]);
    }
}
