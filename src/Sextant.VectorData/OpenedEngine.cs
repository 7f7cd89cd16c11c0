using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;
using Sextant.Embedding;
using Sextant.Numerics;
using Sextant.Search.Storage;

namespace Sextant.VectorData;

/// <summary>The engine of a collection, opened when it is first needed with the model that fits the record type.</summary>
internal sealed class OpenedEngine(
    string name,
    Func<CollectionLocation> find,
    SextantVectorStore store,
    VectorPropertyModel? vector,
    bool isEmbedded
) : IDisposable
{
    // A record without a vector has the same one as all others, which no search ever asks for.
    private const int NoDimensions = 1;

    private readonly SemaphoreSlim _opening = new(1, 1);
    private SemanticSearchEngine? _engine;

    public SemanticSearchEngine? Current => _engine;

    private SimilarityMetric? Metric => vector is null ? null : new VectorDistance(vector.DistanceFunction).Metric;

    private GivenVectors Given => new(vector?.Dimensions ?? NoDimensions);

    /// <summary>The generator that the property or its definition names, if the engine can use it and it says which model it is.</summary>
    private IEmbeddingGenerator<string, Embedding<float>>? Own =>
        vector?.EmbeddingGenerator is IEmbeddingGenerator<string, Embedding<float>> generator and not EngineModel
        && (
            generator.GetService(typeof(ModelProfile)) is not null
            || generator.GetService(typeof(EmbeddingGeneratorMetadata)) is EmbeddingGeneratorMetadata { DefaultModelId: not null }
        )
            ? generator
            : null;

    /// <exception cref="VectorStoreException">There is no collection, and none is to be created.</exception>
    public async Task<SemanticSearchEngine> GetAsync(bool create, CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another handle may have deleted the collection that this one has open.
            if (create && _engine is not null && !await ExistsAsync(cancellationToken).ConfigureAwait(false))
                await CloseAsync().ConfigureAwait(false);
            return _engine ??= await OpenAsync(create, cancellationToken).ConfigureAwait(false);
        }
        catch (InputException e) when (!create)
        {
            throw new VectorStoreException(e.Message, e)
            {
                VectorStoreSystemName = SextantVectorStore.SystemName,
                CollectionName = name,
                OperationName = "Open",
            };
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Whether a model embeds texts for the collection.</summary>
    public async Task<bool> HasModelAsync(CancellationToken cancellationToken)
    {
        if (isEmbedded || store.Options.Generator is not null || store.Options.Model is not null)
            return true;
        CollectionLocation found = find();
        await using (found.ConfigureAwait(false))
            return HasModel(await found.ReadManifestAsync(cancellationToken).ConfigureAwait(false));
    }

    public async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _engine, null) is { } engine)
            await engine.DisposeAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        // The abstraction has no asynchronous end.
        CloseAsync().GetAwaiter().GetResult();
        _opening.Dispose();
    }

    private static bool HasModel(Manifest? manifest) =>
        manifest is not null && manifest.Model.Provider != GivenVectors.Provider && !Search.CollectionModel.IsVectorsOnly(manifest.Model);

    private async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        CollectionLocation found = find();
        await using (found.ConfigureAwait(false))
            return await found.ReadManifestAsync(cancellationToken).ConfigureAwait(false) is not null;
    }

    private async Task<SemanticSearchEngine> OpenAsync(bool create, CancellationToken cancellationToken)
    {
        CollectionLocation found = find();
        SemanticSearchEngineOptions chosen;
        try
        {
            Manifest? manifest = await found.ReadManifestAsync(cancellationToken).ConfigureAwait(false);
            chosen = await OptionsAsync(manifest, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await found.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return await SemanticSearchEngine
            .OpenAsync(found, chosen with { CreateIfMissing = create, Metric = Metric }, model: null, cancellationToken)
            .ConfigureAwait(false);
    }

    // The record's own generator first, then the store's model, then the collection's, then the built-in one for texts.
    private async Task<SemanticSearchEngineOptions> OptionsAsync(Manifest? manifest, CancellationToken cancellationToken)
    {
        SemanticSearchEngineOptions options = store.Options;
        bool exists = manifest is not null && manifest.Model.Provider != GivenVectors.Provider;
        if (Own is { } own && (manifest is null || exists))
            return options with { Generator = own };
        SemanticSearchEngineOptions named = isEmbedded && store.TextOptions is { } texts ? texts : options;
        SemanticSearchEngineOptions withoutModel = named with { Generator = null, Model = null };
        bool isOther = vector?.EmbeddingGenerator is not (null or EngineModel);
        if (vector is not null && !isOther && (named.Generator is not null || named.Model is not null))
        {
            return exists && store.TextOptions is not null && !await FitsAsync(named, manifest!, cancellationToken).ConfigureAwait(false)
                ? withoutModel with
                {
                    Pipeline = named.Pipeline is null ? null : named.Pipeline with { Dimensions = null },
                }
                : named;
        }

        return exists || (manifest is null && isEmbedded) ? withoutModel : options with { Model = null, Generator = Given };
    }

    private static async Task<bool> FitsAsync(SemanticSearchEngineOptions named, Manifest manifest, CancellationToken cancellationToken)
    {
        if (named.Generator is null)
            return false;
        using Search.CollectionModel opened = await Search
            .CollectionModel.OpenAsync(named, manifest, cancellationToken)
            .ConfigureAwait(false);
        return opened.Profile.Fingerprint == manifest.Fingerprint;
    }
}
