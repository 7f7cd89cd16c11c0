using Microsoft.Extensions.AI;

namespace Sextant.Models;

/// <summary>The files of a model on this disk, and where they came from.</summary>
public sealed record ModelFolder
{
    /// <summary>The folder, as a full path.</summary>
    public required string Path { get; init; }

    /// <summary>The name that opens exactly this model again, for instance <c>nuget:Contoso.Support.Embeddings@1.2.0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The identity used instead of the name in a fingerprint (see <see cref="Embedding.ModelProfile.Identity"/>).</summary>
    public required string Identity { get; init; }

    /// <summary>The edition: a commit, a version with a hash; empty where the files themselves say it.</summary>
    public string Revision { get; init; } = "";

    /// <summary>The origin of the files, for display, for instance <c>the Hugging Face cache</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>
    /// Opens the model with the first provider that handles its files. Its profile takes the name, identity and revision of this folder,
    /// and the catalog adds prompts and Matryoshka dimensions that the files lack.
    /// </summary>
    /// <param name="providers">The providers, such as <see cref="StaticModelProvider"/>.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <exception cref="InputException">No provider opens such a folder, or its files are damaged.</exception>
    public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(
        IEnumerable<IModelProvider> providers,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(providers);
        return FolderModels.OpenAsync(this, providers, cancellationToken);
    }
}
