using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.VectorData;
using Sextant.Numerics;
using Sextant.Search.Storage;
using Records = Microsoft.Extensions.VectorData.VectorStoreCollection<object, System.Collections.Generic.Dictionary<string, object?>>;

namespace Sextant.VectorData;

/// <summary>
/// A name in a <see cref="VectorStore"/>. The documents are in the collection of that name, the manifest in a second one. Stores differ in
/// their key types and similarity functions, so the most common ones are tried first.
/// </summary>
internal sealed class VectorDataLocation(VectorStore store, string name) : CollectionLocation
{
    // A store may reject a collection without vectors, so the manifest has one.
    private const int ManifestDimensions = 2;
    private const string ManifestId = "manifest";

    private static readonly Type[] KeyTypes = [typeof(string), typeof(Guid)];

    private string ManifestName => $"{name}-sextant";

    public override string Name => name;

    public override async Task<Manifest?> ReadManifestAsync(CancellationToken cancellationToken)
    {
        if (!await store.CollectionExistsAsync(ManifestName, cancellationToken).ConfigureAwait(false))
            return null;
        (Records records, Type keyType) = await OpenAsync(ManifestName, ManifestDimensions, SimilarityMetric.Cosine, cancellationToken)
            .ConfigureAwait(false);
        using (records)
        {
            Dictionary<string, object?>? record = await records
                .GetAsync(VectorDataRecord.KeyOf(ManifestId, keyType), cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            if (record is null)
                return null;
            try
            {
                return Manifest.FromValues(
                    JsonSerializer.Deserialize<Dictionary<string, string>>((string)record[VectorDataRecord.Metadata]!)!
                );
            }
            catch (Exception e) when (e is InvalidDataException or JsonException)
            {
                throw new SextantException($"{name} is damaged: the record in {ManifestName} cannot be read ({e.Message})", e);
            }
        }
    }

    public override async Task CreateAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        (Records documents, _) = await OpenAsync(name, manifest.Dimensions, manifest.Metric, cancellationToken).ConfigureAwait(false);
        documents.Dispose();
        (Records records, Type keyType) = await OpenAsync(ManifestName, ManifestDimensions, SimilarityMetric.Cosine, cancellationToken)
            .ConfigureAwait(false);
        using (records)
        {
            string values = JsonSerializer.Serialize(
                manifest.ToValues().Where(v => v.Value is not null).ToDictionary(v => v.Name, v => v.Value)
            );
            IncomingDocument document = new(ManifestId, "", [], values, "");
            await records.UpsertAsync(VectorDataRecord.Write(document, [1, 0], 0, keyType), cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task DeleteAsync(CancellationToken cancellationToken)
    {
        await store.EnsureCollectionDeletedAsync(ManifestName, cancellationToken).ConfigureAwait(false);
        await store.EnsureCollectionDeletedAsync(name, cancellationToken).ConfigureAwait(false);
    }

    public override async Task<CollectionStore> OpenAsync(Manifest manifest, ILogger logger, CancellationToken cancellationToken)
    {
        (Records records, Type keyType) = await OpenAsync(name, manifest.Dimensions, manifest.Metric, cancellationToken)
            .ConfigureAwait(false);
        return new VectorDataCollection(name, records, keyType, manifest);
    }

    // A store without a choice compares by cosine.
    private static string?[] Distances(SimilarityMetric metric) =>
        metric switch
        {
            SimilarityMetric.Dot => [DistanceFunction.DotProductSimilarity, DistanceFunction.NegativeDotProductSimilarity],
            SimilarityMetric.Euclidean => [DistanceFunction.EuclideanDistance, DistanceFunction.EuclideanSquaredDistance],
            _ => [DistanceFunction.CosineSimilarity, DistanceFunction.CosineDistance, null],
        };

    private async Task<(Records Records, Type KeyType)> OpenAsync(
        string collection,
        int dimensions,
        SimilarityMetric metric,
        CancellationToken cancellationToken
    )
    {
        Exception? refusal = null;
        foreach (Type keyType in KeyTypes)
        {
            foreach (string? distance in Distances(metric))
            {
                try
                {
                    Records records = store.GetDynamicCollection(collection, VectorDataRecord.Define(dimensions, keyType, distance));
                    await records.EnsureCollectionExistsAsync(cancellationToken).ConfigureAwait(false);
                    return (records, keyType);
                }
                catch (Exception e) when (e is NotSupportedException or ArgumentException or InvalidOperationException)
                {
                    refusal = e;
                }
            }
        }

        throw new SextantException($"{collection}: this store does not support documents: {refusal!.Message}", refusal);
    }
}
