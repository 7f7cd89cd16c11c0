using Microsoft.Extensions.AI;
using Sextant.Embedding.Pipeline;

namespace Sextant.Embedding;

/// <summary>Short ways to ask a generator, with the role named in the method.</summary>
public static class TextEmbeddingExtensions
{
    private const string OverflowKey = "sextant.overflow";

    /// <summary>Embeds a text that asks.</summary>
    /// <param name="generator">Any embedding generator.</param>
    /// <param name="query">The question.</param>
    /// <param name="dimensions">Cut the vector to this length; the model's own when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The vector.</returns>
    /// <exception cref="InputException">The model does not give vectors of <paramref name="dimensions"/>.</exception>
    public static async Task<ReadOnlyMemory<float>> EmbedQueryAsync(
        this IEmbeddingGenerator<string, Embedding<float>> generator,
        string query,
        int? dimensions = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(query);
        GeneratedEmbeddings<Embedding<float>> generated = await generator
            .GenerateAsync([query], For(generator, EmbeddingRole.Query, dimensions), cancellationToken)
            .ConfigureAwait(false);
        return generated[0].Vector;
    }

    /// <summary>Embeds texts that are to be found.</summary>
    /// <param name="generator">Any embedding generator.</param>
    /// <param name="documents">The texts.</param>
    /// <param name="dimensions">Cut the vectors to this length; the model's own when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>A vector for each text, in their order, with the tokens used.</returns>
    public static Task<GeneratedEmbeddings<Embedding<float>>> EmbedDocumentsAsync(
        this IEmbeddingGenerator<string, Embedding<float>> generator,
        IEnumerable<string> documents,
        int? dimensions = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(documents);
        return generator.GenerateAsync(documents, For(generator, EmbeddingRole.Document, dimensions), cancellationToken);
    }

    /// <summary>The texts of a request that were over the model's limit and were cut or taken apart; empty when all fitted.</summary>
    public static IReadOnlyList<OverflowReport> GetOverflows(this GeneratedEmbeddings<Embedding<float>> generated)
    {
        ArgumentNullException.ThrowIfNull(generated);
        IReadOnlyList<OverflowReport>? overflows = null;
        generated.AdditionalProperties?.TryGetValue(OverflowKey, out overflows);
        return overflows ?? [];
    }

    internal static void ReportOverflows(this GeneratedEmbeddings<Embedding<float>> generated, IReadOnlyList<OverflowReport> overflows) =>
        (generated.AdditionalProperties ??= [])[OverflowKey] = overflows;

    private static EmbeddingGenerationOptions For(
        IEmbeddingGenerator<string, Embedding<float>> generator,
        EmbeddingRole role,
        int? dimensions
    )
    {
        // The options class also rejects values below 1, but with a message that is not meant for users.
        ShapingEmbeddingGenerator.RequirePossible(dimensions, generator.GetService<ModelProfile>());
        return new EmbeddingGenerationOptions { Dimensions = dimensions }.WithRole(role);
    }
}
