using Microsoft.Extensions.Logging;

namespace Sextant.Search.Storage;

/// <summary>A folder.</summary>
internal sealed class LocalPlace(string path) : CollectionPlace
{
    private readonly CollectionFiles _files = new(path);

    public override string Name => _files.Name;

    public override Task<Manifest?> ReadManifestAsync(CancellationToken cancellationToken) =>
        Task.FromResult(LocalCollection.ReadManifest(_files));

    public override Task CreateAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        LocalCollection.Create(_files, manifest);
        return Task.CompletedTask;
    }

    public override async Task<CollectionStore> OpenAsync(Manifest manifest, ILogger logger, CancellationToken cancellationToken) =>
        await LocalCollection.OpenAsync(_files, manifest, logger, cancellationToken).ConfigureAwait(false);
}
