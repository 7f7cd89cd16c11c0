using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models.Catalog;

namespace Sextant.Models;

/// <summary>
/// Opens the models of a source with the provider that handles their folders. The source identifies the model and its version, and the
/// catalog adds prompts missing from the files.
/// </summary>
internal sealed class FolderModels(IModelSource source, IReadOnlyList<IModelProvider> openers) : IModelProvider
{
    public IModelSource Source => source;

    public bool Handles(string name) => source.Handles(name);

    public async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(
        string name,
        CancellationToken cancellationToken = default
    ) =>
        await OpenAsync(await source.GetAsync(name, cancellationToken).ConfigureAwait(false), openers, cancellationToken)
            .ConfigureAwait(false);

    public async Task<IReranker?> OpenRerankerAsync(string name, CancellationToken cancellationToken = default) =>
        await OpenRerankerAsync(await source.GetAsync(name, cancellationToken).ConfigureAwait(false), openers, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>
    /// Opens a folder of a source as a reranker; <see langword="null"/> if it holds an embedding model, or no provider can open it.
    /// </summary>
    public static async Task<IReranker?> OpenRerankerAsync(
        ModelFolder folder,
        IEnumerable<IModelProvider> openers,
        CancellationToken cancellationToken
    ) =>
        openers.FirstOrDefault(p => p.Handles(folder.Path)) is { } provider
        && await provider.OpenRerankerAsync(folder.Path, cancellationToken).ConfigureAwait(false) is { } reranker
            ? new NamedReranker(reranker, folder.Name)
            : null;

    /// <inheritdoc cref="ModelFolder.OpenAsync"/>
    public static async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(
        ModelFolder folder,
        IEnumerable<IModelProvider> openers,
        CancellationToken cancellationToken
    )
    {
        IModelProvider provider =
            openers.FirstOrDefault(p => p.Handles(folder.Path))
            ?? throw new InputException(
                $"{folder.Name} needs ONNX Runtime, which this program lacks; reference Sextant.Onnx " + $"(its files are in {folder.Path})"
            );
        IEmbeddingGenerator<string, Embedding<float>> generator = await provider
            .OpenAsync(folder.Path, cancellationToken)
            .ConfigureAwait(false);
        return generator.GetService(typeof(ModelProfile)) is ModelProfile profile
            ? new NamedModel(generator, Describe(generator, profile, folder))
            : generator;
    }

    private static ModelProfile Describe(IEmbeddingGenerator<string, Embedding<float>> generator, ModelProfile profile, ModelFolder folder)
    {
        if (generator.GetService(typeof(IVectorAdapter)) is not null)
        {
            // An adapter's base model keeps its own fingerprint, so cached vectors of that model stay valid.
            return profile with { Name = folder.Name, Identity = profile.Identity };
        }

        bool hasPrompts = profile.QueryPrompt.Length + profile.DocumentPrompt.Length > 0;
        CatalogEntry? known = ModelCatalog.Default.Find(folder.Identity);
        return profile with
        {
            Name = folder.Name,
            Identity = folder.Identity,
            Revision = folder.Revision,
            QueryPrompt = (hasPrompts ? null : known?.QueryPrompt) ?? profile.QueryPrompt,
            DocumentPrompt = (hasPrompts ? null : known?.DocumentPrompt) ?? profile.DocumentPrompt,
            MatryoshkaDimensions =
                profile.MatryoshkaDimensions.Count > 0 ? profile.MatryoshkaDimensions : known?.MatryoshkaDimensions ?? [],
        };
    }

    private sealed class NamedModel(IEmbeddingGenerator<string, Embedding<float>> inner, ModelProfile profile)
        : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
    {
        public override object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceKey is null && serviceType == typeof(ModelProfile) ? profile : base.GetService(serviceType, serviceKey);
    }

    /// <summary>A reranker by the name that it was asked for by, instead of that of its folder.</summary>
    private sealed class NamedReranker(IReranker inner, string name) : IReranker
    {
        public RerankerProfile Profile { get; } = inner.Profile with { Name = name };

        public Task<IReadOnlyList<float>> ScoreAsync(
            string query,
            IReadOnlyList<string> documents,
            CancellationToken cancellationToken = default
        ) => inner.ScoreAsync(query, documents, cancellationToken);

        public Task<decimal?> EstimateCostAsync(
            string query,
            IReadOnlyList<string> documents,
            CancellationToken cancellationToken = default
        ) => inner.EstimateCostAsync(query, documents, cancellationToken);

        public void Dispose() => inner.Dispose();
    }
}
