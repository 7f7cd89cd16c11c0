using Sextant.Embedding;

namespace Sextant.Hosted.Services;

/// <summary>One service's way to ask for vectors. Failures come as <see cref="Http.ServiceException"/>.</summary>
internal interface IEmbeddingService
{
    /// <summary>Sends one request.</summary>
    /// <param name="texts">At least one text, none of them empty.</param>
    /// <param name="role">The part that the texts play.</param>
    /// <param name="dimensions">The length to ask for; the model's own when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>A vector for each text, in order, and the tokens that the service counted, if it says.</returns>
    Task<ServiceVectors> EmbedAsync(IReadOnlyList<string> texts, EmbeddingRole role, int? dimensions, CancellationToken cancellationToken);
}

/// <summary>The result of one request.</summary>
/// <param name="Vectors">In the order of the texts.</param>
/// <param name="Tokens">As the service counted them.</param>
internal sealed record ServiceVectors(IReadOnlyList<ReadOnlyMemory<float>> Vectors, long? Tokens);
