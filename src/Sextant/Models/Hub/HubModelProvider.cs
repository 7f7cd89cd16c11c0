using Microsoft.Extensions.AI;
using Sextant.Models.Catalog;

namespace Sextant.Models.Hub;

/// <summary>
/// Opens <c>hf:ORG/NAME[@REVISION]</c>: from the shared cache where it is there, else fetched once; then by whichever of the
/// registry's providers opens such folders. The commit is the model's revision, and prompts that its files lack come from
/// the catalogue.
/// </summary>
internal sealed class HubModelProvider(HubOptions options, IReadOnlyList<IModelProvider> folders) : IModelProvider
{
    /// <summary>The same, opening folders with <paramref name="providers"/>.</summary>
    public HubModelProvider Over(IEnumerable<IModelProvider> providers) => new(options, [.. providers.Where(p => p is not HubModelProvider)]);

    public bool Handles(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(HubModelName.Prefix, StringComparison.Ordinal);
    }

    public async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default)
    {
        var model = HubModelName.Parse(name);
        HubSnapshot snapshot = await new HubClient(options).GetAsync(model, cancellationToken).ConfigureAwait(false);
        IModelProvider provider = folders.FirstOrDefault(p => p.Handles(snapshot.Folder)) ?? throw new InputException(
            $"{model.Name} is a kind of model that this program does not open; a program that does references Sextant.Onnx "
            + $"(its files are in {snapshot.Folder})");
        IEmbeddingGenerator<string, Embedding<float>> generator =
            await provider.OpenAsync(snapshot.Folder, cancellationToken).ConfigureAwait(false);
        return generator.GetService(typeof(ModelProfile)) is ModelProfile profile
            ? new RepositoryModel(generator, Describe(profile, model, snapshot))
            : generator;
    }

    private static ModelProfile Describe(ModelProfile profile, HubModelName model, HubSnapshot snapshot)
    {
        bool hasPrompts = profile.QueryPrompt.Length + profile.DocumentPrompt.Length > 0;
        CatalogEntry? known = hasPrompts ? null : ModelCatalog.Default.Find(model.Name);
        return profile with
        {
            Name = model.Name,
            Identity = HubModelName.Prefix + model.Repository,
            Revision = snapshot.Commit,
            QueryPrompt = known?.QueryPrompt ?? profile.QueryPrompt,
            DocumentPrompt = known?.DocumentPrompt ?? profile.DocumentPrompt,
            MatryoshkaDimensions = profile.MatryoshkaDimensions.Count > 0 ? profile.MatryoshkaDimensions
                : ModelCatalog.Default.Find(model.Name)?.MatryoshkaDimensions ?? [],
        };
    }

    private sealed class RepositoryModel(IEmbeddingGenerator<string, Embedding<float>> inner, ModelProfile profile)
        : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
    {
        public override object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceKey is null && serviceType == typeof(ModelProfile) ? profile : base.GetService(serviceType, serviceKey);
    }
}
