using Microsoft.Extensions.AI;

namespace Sextant.Models.Hub;

/// <summary>
/// The models of a Hugging Face hub, <c>hf:ORG/NAME[@REVISION]</c>: from the shared cache where they are there, else fetched once. The
/// commit is the model's revision.
/// </summary>
internal sealed class HubModelProvider(HubOptions options) : IModelSource
{
    public bool Handles(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(HubModelName.Prefix, StringComparison.Ordinal);
    }

    public string? Locate(string name) => new HubClient(options).Find(name)?.Folder;

    public Task<ModelFolder?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        var model = HubModelName.Parse(name);
        return Task.FromResult(
            new HubClient(options).Find(model.Name) is { } snapshot ? Describe(model, snapshot, "the Hugging Face cache") : null
        );
    }

    public Task<ModelFolder> GetAsync(string name, CancellationToken cancellationToken = default) =>
        GetAsync(name, options, cancellationToken);

    /// <summary>The same where the model can be had elsewhere as well: a hub that is not reached at once is not asked again.</summary>
    public Task<ModelFolder> TryOnceAsync(string name, CancellationToken cancellationToken) =>
        GetAsync(name, options.ForOneAttempt(), cancellationToken);

    public async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(
        string name,
        CancellationToken cancellationToken = default
    ) =>
        await FolderModels
            .OpenAsync(await GetAsync(name, cancellationToken).ConfigureAwait(false), [new StaticModelProvider()], cancellationToken)
            .ConfigureAwait(false);

    private static async Task<ModelFolder> GetAsync(string name, HubOptions options, CancellationToken cancellationToken)
    {
        var model = HubModelName.Parse(name);
        var client = new HubClient(options);
        return client.Find(model.Name) is { } snapshot
            ? Describe(model, snapshot, "the Hugging Face cache")
            : Describe(
                model,
                await client.PullAsync(model.Name, cancellationToken).ConfigureAwait(false),
                $"the Hugging Face hub ({client.Host})"
            );
    }

    private static ModelFolder Describe(HubModelName model, HubSnapshot snapshot, string origin) =>
        new()
        {
            Path = snapshot.Folder,
            Name = model.Name,
            Identity = HubModelName.Prefix + model.Repository,
            Revision = snapshot.Commit,
            Origin = origin,
        };
}
