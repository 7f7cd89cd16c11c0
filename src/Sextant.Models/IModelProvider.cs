using Microsoft.Extensions.AI;
using Sextant.Embedding;

namespace Sextant.Models;

/// <summary>
/// Opens one family of models by name. The core brings the built-in model and static model directories;
/// local transformers and hosted services come from their own packages.
/// </summary>
public interface IModelProvider
{
    /// <summary>Whether <paramref name="name"/> is one of this provider's (see the table of model names in the documentation).</summary>
    bool Handles(string name);

    /// <summary>
    /// Opens the model. The generator returns its <see cref="ModelProfile"/> and, if it has one, its <see cref="Tokenizers.ITokenCounter"/>
    /// from <c>GetService</c>, and respects <see cref="Embedding.EmbeddingRole"/>.
    /// </summary>
    /// <exception cref="InputException">The name is well formed but the model does not exist; the message says how to get it.</exception>
    Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens the model for vectors of <paramref name="dimensions"/>. A provider whose service cuts vectors itself gives a model of that
    /// length, where the service can; any other opens the whole model, and the pipeline cuts.
    /// </summary>
    /// <param name="name">The model's name.</param>
    /// <param name="dimensions">The length that will be asked for; the model's own when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(
        string name,
        int? dimensions,
        CancellationToken cancellationToken = default
    ) => OpenAsync(name, cancellationToken);

    /// <summary>
    /// Opens the model as a reranker, when it is one that reads query and document together: a cross-encoder, or a hosted reranker.
    /// </summary>
    /// <param name="name">The model's name.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <returns>
    /// <see langword="null"/> when it is an embedding model, which <see cref="Embedding.EmbeddingReranker"/> makes a reranker of.
    /// </returns>
    /// <exception cref="InputException">The name is well formed but the model does not exist; the message says how to get it.</exception>
    Task<IReranker?> OpenRerankerAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult<IReranker?>(null);
}
