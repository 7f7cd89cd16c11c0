using System.Globalization;
using Sextant.Index;
using Sextant.Numerics;
using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant.Sources.Transfer;

/// <summary>
/// Imports a file of another program into a new or existing collection. A graph built by FAISS is searched without rebuilding it.
/// </summary>
public static class CollectionImport
{
    private const int BatchSize = 1024;

    /// <summary>How far from 1 the length of a vector may be that counts as one of length 1.</summary>
    private const float LengthTolerance = 1e-3f;

    /// <summary>
    /// Imports <paramref name="file"/> into the collection at <paramref name="collection"/>, which is created if missing.
    /// </summary>
    /// <param name="file">A file in one of the formats of <see cref="InterchangeFormat"/>.</param>
    /// <param name="collection">A folder, or a location that the options know.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <param name="progress">Receives the number of documents imported.</param>
    /// <param name="cancellationToken">Cancels; an existing collection keeps the imported batches, a new one is not created.</param>
    /// <exception cref="InputException">The file cannot be read, or its vectors are not of the collection's model.</exception>
    public static async Task<ImportResult> RunAsync(
        string file,
        string collection,
        CollectionImportOptions? options = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(collection);
        options ??= new();
        SemanticSearchEngineOptions engineOptions = options.Engine ?? new();
        bool isNew = !await SemanticSearchEngine.ExistsAsync(collection, engineOptions, cancellationToken).ConfigureAwait(false);
        InterchangeFormat format = options.Format ?? InterchangeFormats.OfPath(file);
        ImportSource source = await ImportSource.OpenAsync(file, format, options.TextsFile, cancellationToken).ConfigureAwait(false);
        CollectionModel? model = isNew
            ? await ModelAsync(file, source.Dimensions, engineOptions, cancellationToken).ConfigureAwait(false)
            : null;
        string? notice =
            isNew ? null
            : source.Faiss?.Graph is null ? null
            : "the collection already has a graph, so the vectors were added to it";
        bool isFolder = !engineOptions.CollectionProviders.Any(provider => provider.Handles(collection));
        if (isNew && isFolder && source.Faiss?.Graph is not null)
        {
            notice = WhyRebuilt(source, engineOptions.Metric ?? engineOptions.Index?.Metric ?? SimilarityMetric.Cosine);
            if (notice is null)
            {
                using (model)
                    return await WithGraphAsync(source, collection, model!, engineOptions, cancellationToken).ConfigureAwait(false);
            }
        }

        bool appears = isNew && isFolder && !Directory.Exists(collection),
            done = false;
        try
        {
            ImportResult result = await AddAsync(file, source, collection, engineOptions, model, progress, cancellationToken)
                .ConfigureAwait(false);
            done = true;
            return result with { Warning = notice };
        }
        finally
        {
            if (!done && appears && Directory.Exists(collection))
                Directory.Delete(collection, recursive: true);
        }
    }

    private static async Task<ImportResult> AddAsync(
        string file,
        ImportSource source,
        string collection,
        SemanticSearchEngineOptions options,
        CollectionModel? model,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        SemanticSearchEngine engine = await SemanticSearchEngine
            .OpenAsync(
                CollectionLocation.Resolve(collection, options.CollectionProviders, options.ReadOnly),
                options,
                model,
                cancellationToken
            )
            .ConfigureAwait(false);
        await using (engine.ConfigureAwait(false))
        {
            RequireModel(file, source, engine, options, isNew: model is not null);
            (long added, long updated, long unchanged) = (0, 0, 0);
            await foreach (Document[] batch in source.Documents.Chunk(BatchSize).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                UpsertResult result = await engine.AddDocumentsAsync(batch, cancellationToken).ConfigureAwait(false);
                added += result.Added;
                updated += result.Updated;
                unchanged += result.Unchanged;
                progress?.Report(added + updated + unchanged);
            }

            await engine.Store.EndBulkWriteAsync(cancellationToken).ConfigureAwait(false);
            long total = await engine.CountAsync(cancellationToken).ConfigureAwait(false);
            return new(added, updated, unchanged, total, source.Dimensions, engine.Model.Name, KeptGraph: false, Warning: null);
        }
    }

    private static async Task<ImportResult> WithGraphAsync(
        ImportSource source,
        string collection,
        CollectionModel model,
        SemanticSearchEngineOptions options,
        CancellationToken cancellationToken
    )
    {
        HnswGraph graph = source.Faiss!.Graph!;
        HnswOptions index = options.Index ?? new();
        SemanticSearchEngineOptions asBuilt = options with
        {
            Index = index with
            {
                M = graph.M,
                EfConstruction = Math.Clamp(source.Faiss.EfConstruction, 1, HnswOptions.MaxEf),
                // FAISS's own default of 16 is meant to be raised, and finds too little to leave it at that.
                EfSearch = Math.Clamp(source.Faiss.EfSearch, index.EfSearch, HnswOptions.MaxEf),
            },
        };
        int count = await CollectionMaintenance
            .CreateFromGraphAsync(collection, source.Rows!, graph, model, asBuilt, cancellationToken)
            .ConfigureAwait(false);
        return new(count, 0, 0, count, source.Dimensions, model.Profile.Name, KeptGraph: true, Warning: null);
    }

    private static string? WhyRebuilt(ImportSource source, SimilarityMetric metric)
    {
        if (source.Faiss!.Graph!.M > HnswOptions.MaxM)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"the file's graph has more than {HnswOptions.MaxM} links per node, so a new one was built"
            );
        }

        if (metric != SimilarityMetric.Cosine)
            return source.Faiss.Metric == metric ? null : "the file's graph was built by another metric, so another was built";
        for (int row = 0; row < source.Faiss.Vectors.Count; row++)
        {
            float length = MathF.Sqrt(VectorMath.Dot(source.Faiss.Vectors.Row(row), source.Faiss.Vectors.Row(row)));
            // A row of zeros is similar to nothing, and by their inner product it is so for FAISS too.
            bool fits = MathF.Abs(length - 1) <= LengthTolerance || (length == 0 && source.Faiss.Metric == SimilarityMetric.Dot);
            if (!fits)
            {
                return "the file's vectors do not have length 1, which cosine requires, so a new graph was built "
                    + "(normalize them before FAISS builds its graph to keep it)";
            }
        }

        return null;
    }

    private static async Task<CollectionModel> ModelAsync(
        string file,
        int dimensions,
        SemanticSearchEngineOptions options,
        CancellationToken cancellationToken
    )
    {
        if (options.Model is null && options.Generator is null)
            return CollectionModel.CreateVectorsOnly(dimensions);
        CollectionModel model = await CollectionModel.OpenAsync(options, manifest: null, cancellationToken).ConfigureAwait(false);
        if (model.Profile.Dimensions == dimensions)
            return model;
        model.Dispose();
        throw new InputException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{file} has vectors of {dimensions} dimensions, and {model.Profile.Name} returns {model.Profile.Dimensions}: "
                    + $"name the model that computed them, or omit the model to import vectors only"
            )
        )
        {
            RelatedOptions = [nameof(SemanticSearchEngineOptions.Model)],
        };
    }

    // Vectors of another model would silently mix with the collection's own.
    private static void RequireModel(
        string file,
        ImportSource source,
        SemanticSearchEngine engine,
        SemanticSearchEngineOptions options,
        bool isNew
    )
    {
        if (isNew)
            return;
        if (source.Dimensions != engine.Model.Dimensions)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file} has vectors of {source.Dimensions} dimensions, and those of {engine.Location} have "
                        + $"{engine.Model.Dimensions}; import it into another collection"
                )
            );
        }

        if (options.Model is null && options.Generator is null && !CollectionModel.IsVectorsOnly(engine.Model))
        {
            throw new InputException(
                $"{engine.Location} was created with {engine.Model.Name}: if that model also computed the vectors of {file}, name it; "
                    + "otherwise import them into another collection"
            )
            {
                RelatedOptions = [nameof(SemanticSearchEngineOptions.Model)],
            };
        }
    }
}
