namespace Sextant.Models.Hub;

/// <summary>
/// Fetches models from a Hugging Face hub into the cache that the Python tools share, and finds them there again. Only the
/// files that a model needs are fetched; each is verified. Thread-safe; several processes may fetch the same model at once.
/// </summary>
public sealed class HubClient
{
    private readonly HubSettings _settings;
    private readonly HubCache _cache;

    /// <summary>Creates a client; nothing is sent before it is asked to.</summary>
    /// <exception cref="InputException">An environment variable has an invalid value.</exception>
    public HubClient(HubOptions? options = null)
        : this(HubSettings.Resolve(options ?? new(), Environment.GetEnvironmentVariable)) { }

    internal HubClient(HubSettings settings)
    {
        _settings = settings;
        _cache = new HubCache(settings);
    }

    /// <summary>Creates a client for data sets, which are cached next to the models.</summary>
    /// <exception cref="InputException">An environment variable has an invalid value.</exception>
    public static HubClient ForDataSets(HubOptions? options) =>
        new(HubSettings.Resolve(options ?? new(), Environment.GetEnvironmentVariable) with { DataSets = true });

    /// <summary>
    /// Whether nothing may be sent, by <see cref="HubOptions.Offline"/>, <c>HF_HUB_OFFLINE</c> or <c>TRANSFORMERS_OFFLINE</c>.
    /// </summary>
    public bool IsOffline => _settings.Offline;

    /// <summary>The download cache.</summary>
    public string CacheDirectory => _settings.CacheDirectory;

    /// <summary>Whose hub it is, for messages.</summary>
    internal string Host => _settings.Endpoint.Host;

    /// <summary>The model's files, if they are on disk; sends no request.</summary>
    /// <param name="name"><c>hf:ORG/NAME</c> or <c>hf:ORG/NAME@REVISION</c>.</param>
    /// <exception cref="InputException">The name is not a repository name.</exception>
    public HubSnapshot? Find(string name) => _cache.Find(HubModelName.Parse(name)) is { } snapshot && IsWhole(snapshot) ? snapshot : null;

    /// <summary>The model's files: from the cache when they are there, else fetched once.</summary>
    /// <inheritdoc cref="PullAsync"/>
    public async Task<HubSnapshot> GetAsync(string name, CancellationToken cancellationToken = default) =>
        Find(name) ?? await PullAsync(name, cancellationToken).ConfigureAwait(false);

    /// <summary>All models in the cache that can be opened, including those of other tools; sends no request.</summary>
    public IEnumerable<HubSnapshot> List() => _cache.List().Where(IsWhole);

    /// <summary>
    /// Updates the model's files: queries the hub for the current revision, and downloads missing files. An interrupted download resumes
    /// where it stopped.
    /// </summary>
    /// <param name="name"><c>hf:ORG/NAME</c> or <c>hf:ORG/NAME@REVISION</c>.</param>
    /// <param name="cancellationToken">Cancels the download; data received so far is kept.</param>
    /// <exception cref="InputException">
    /// The model does not exist or requires a token, or the client is offline; the message says what to do.
    /// </exception>
    /// <exception cref="SextantException">The hub is unreachable, or a file differs from its announced size or hash.</exception>
    public async Task<HubSnapshot> PullAsync(string name, CancellationToken cancellationToken = default)
    {
        HubModelName model = HubModelName.Parse(name);
        if (_settings.Offline)
        {
            throw Offline(model);
        }

        using var http = new HubHttp(_settings);
        var retry = new HubRetry(_settings.RetryDelay);
        HubListing listing = await ListAsync(http, retry, model, cancellationToken).ConfigureAwait(false);
        if (model.IsCommit && listing.Commit != model.Revision)
        {
            throw new SextantException($"{model.Name}: the hub returned another commit, {listing.Commit}");
        }

        var snapshot = new HubSnapshot(model.Repository, listing.Commit, _cache.SnapshotFolder(model.Repository, listing.Commit));
        try
        {
            Directory.CreateDirectory(snapshot.Folder);
            _cache.Tag();
            var download = new BlobDownload(http, _cache, retry);
            HubFile[] descriptions = [.. _settings.DataSets ? HubDataFiles.Select(listing, model) : NeededFiles.Descriptions(listing)];
            await FetchAsync(descriptions, 0, descriptions.Sum(f => f.Size ?? 0)).ConfigureAwait(false);
            IReadOnlyList<HubFile> weights = _settings.DataSets ? [] : NeededFiles.Weights(listing, snapshot.Folder, model);
            long small = descriptions.Sum(f => f.Size ?? 0);
            await FetchAsync(weights, small, small + weights.Sum(f => f.Size ?? 0)).ConfigureAwait(false);
            // Last, so that a branch never points at something half there.
            _cache.WriteRef(model, listing.Commit);
            return snapshot;

            async Task FetchAsync(IReadOnlyList<HubFile> files, long before, long total)
            {
                foreach (HubFile file in files)
                {
                    HubFileMetadata metadata = await retry
                        .RunAsync(() => http.InspectAsync(model, listing.Commit, file.Path, cancellationToken), cancellationToken)
                        .ConfigureAwait(false);
                    Compare(model, listing, file, metadata);
                    long start = before;
                    await download
                        .FetchAsync(
                            model,
                            listing.Commit,
                            file.Path,
                            metadata,
                            done =>
                                _settings.Progress?.Report(
                                    new HubProgress(model.Name, file.Path, start + done, Math.Max(total, start + done))
                                ),
                            cancellationToken
                        )
                        .ConfigureAwait(false);
                    _cache.Link(snapshot, file.Path, metadata.Hash);
                    before += metadata.Size;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SextantException(
                $"{model.Name}: cannot write to the cache {_settings.CacheDirectory}: {e.Message} (set HF_HUB_CACHE to use another folder)",
                e
            );
        }
    }

    private async Task<HubListing> ListAsync(HubHttp http, HubRetry retry, HubModelName model, CancellationToken cancellationToken)
    {
        if (_settings.FirstPatience is not { } patience)
        {
            return await retry.RunAsync(() => http.ListAsync(model, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        using var first = new HubHttp(_settings with { Patience = patience < _settings.Patience ? patience : _settings.Patience });
        return await first.ListAsync(model, cancellationToken).ConfigureAwait(false);
    }

    private static void Compare(HubModelName model, HubListing listing, HubFile file, HubFileMetadata metadata)
    {
        if (
            metadata.Commit != listing.Commit
            || (file.Size is { } size && size != metadata.Size)
            || (file.Sha256 is { } hash && hash != metadata.Hash)
        )
        {
            throw new SextantException(
                $"{model.Name}: the hub's file list and its response for {file.Path} contradict each other; nothing was downloaded"
            );
        }
    }

    private InputException Offline(HubModelName model) =>
        new(
            $"{model.Name} is not in the cache ({_settings.CacheDirectory}), and the network is disabled (offline, or HF_HUB_OFFLINE is "
                + $"set); download it once while online"
        )
        {
            Remedies = _settings.DataSets ? [] : [new Remedy(RemedyAction.DownloadModel, model.Name)],
        };

    private bool IsWhole(HubSnapshot snapshot) =>
        _settings.DataSets ? HubDataFiles.AreIn(snapshot.Folder) : NeededFiles.AreIn(snapshot.Folder);
}
