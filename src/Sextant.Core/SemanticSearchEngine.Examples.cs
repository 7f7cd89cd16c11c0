using Sextant.Embedding;
using Sextant.Numerics;
using Sextant.Search;
using Sextant.Search.Grouping;
using Sextant.Search.Storage;

namespace Sextant;

public sealed partial class SemanticSearchEngine
{
    /// <summary>Runs many searches by text with the same options: their texts are embedded together, and all cores search.</summary>
    /// <param name="queries">Questions, phrases, texts.</param>
    /// <param name="topK">The maximum number of results of each.</param>
    /// <param name="options">Filter, ranking, paging; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels all searches.</param>
    /// <returns>The results of each query, in the order of <paramref name="queries"/>.</returns>
    /// <exception cref="InputException">A query is empty, or the filter malformed.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<SearchResult>>> SearchManyAsync(
        IReadOnlyList<string> queries,
        int topK = 10,
        SearchOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(queries);
        options = Check(topK, options);
        for (int i = 0; i < queries.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(queries[i]))
                throw new InputException($"query {i + 1} of {queries.Count} is empty; write what to search for");
        }

        EmbeddedQuery[]? embedded = null;
        if (NeedsVector(options) && queries.Count > 0)
        {
            CollectionModel model = await ModelAsync(cancellationToken).ConfigureAwait(false);
            string? fingerprint = model.ModelFingerprint;
            float[][] vectors = await model.EmbedAsync(queries, EmbeddingRole.Query, cancellationToken).ConfigureAwait(false);
            embedded = [.. vectors.Select(vector => new EmbeddedQuery(fingerprint, vector))];
        }

        IReadOnlyList<SearchResult>[] results = new IReadOnlyList<SearchResult>[queries.Count];
        await Parallel
            .ForAsync(
                0,
                results.Length,
                new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
                async (i, stopped) =>
                    results[i] = await SearchAsync(queries[i], topK, options with { EmbeddedQuery = embedded?[i] }, stopped)
                        .ConfigureAwait(false)
            )
            .ConfigureAwait(false);
        return results;
    }

    /// <summary>Finds the documents most similar to a stored one, excluding that document.</summary>
    /// <param name="id">The document's name.</param>
    /// <param name="topK">The most results to give.</param>
    /// <param name="options">Filter and paging.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="InputException">There is no such document, or the options are not for a search by vector.</exception>
    public async Task<IReadOnlyList<SearchResult>> SearchSimilarAsync(
        string id,
        int topK = 10,
        SearchOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(id);
        options = Check(topK, options);
        RequireByVector(options, "the id of a document");
        ThrowIfDisposed();
        if (options.GroupBy is not null)
        {
            return await ResultGroups
                .SearchAsync(topK, options, (depth, flat) => SearchSimilarAsync(id, depth, flat, cancellationToken))
                .ConfigureAwait(false);
        }

        while (true)
        {
            string space = _collection.Manifest.Fingerprint;
            float[] vector =
                await _collection.FindVectorAsync(id, cancellationToken).ConfigureAwait(false)
                ?? throw new InputException($"{Location} has no document '{id}'");
            try
            {
                // One more is asked for from the start, because the document itself comes first almost always, and pages must agree.
                int wide = checked(topK + options.Offset + 1);
                SearchOptions whole = options with { Offset = 0 };
                IReadOnlyList<CollectionHit> hits = await _collection
                    .SearchAsync(Query(vector, space, null, wide, whole), cancellationToken)
                    .ConfigureAwait(false);
                return
                [
                    .. Results(new(hits, whole.Mode, HasCosine: true), whole)
                        .Where(hit => hit.Id != id)
                        .Select((hit, i) => hit with { Rank = i + 1 })
                        .Skip(options.Offset)
                        .Take(topK),
                ];
            }
            catch (ModelChangedException) { }
        }
    }

    /// <summary>
    /// Finds documents like some stored ones and unlike others: by the mean of the positive examples, moved away from that of the negative
    /// ones by their difference. No example is among the results.
    /// </summary>
    /// <param name="positive">The ids of documents to be similar to; at least one.</param>
    /// <param name="negative">The ids of documents to be dissimilar from; none when <see langword="null"/>.</param>
    /// <param name="topK">The most results to give.</param>
    /// <param name="options">Filter, groups and paging.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="InputException">
    /// There is no positive example, an unknown id, or options that are not for a search by vector.
    /// </exception>
    public async Task<IReadOnlyList<SearchResult>> RecommendAsync(
        IReadOnlyCollection<string> positive,
        IReadOnlyCollection<string>? negative = null,
        int topK = 10,
        SearchOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(positive);
        options = Check(topK, options);
        RequireByVector(options, "examples");
        if (positive.Count == 0)
            throw new InputException("a recommendation needs at least one positive example");
        ThrowIfDisposed();
        if (options.GroupBy is not null)
        {
            return await ResultGroups
                .SearchAsync(topK, options, (depth, flat) => RecommendAsync(positive, negative, depth, flat, cancellationToken))
                .ConfigureAwait(false);
        }

        HashSet<string> examples = [.. positive, .. negative ?? []];
        while (true)
        {
            Manifest manifest = _collection.Manifest;
            float[] vector = await ExampleAsync(positive, negative ?? [], manifest, cancellationToken).ConfigureAwait(false);
            try
            {
                int wide = checked(topK + options.Offset + examples.Count);
                SearchOptions whole = options with { Offset = 0 };
                IReadOnlyList<CollectionHit> hits = await _collection
                    .SearchAsync(Query(vector, manifest.Fingerprint, null, wide, whole), cancellationToken)
                    .ConfigureAwait(false);
                return
                [
                    .. Results(new(hits, whole.Mode, HasCosine: true), whole)
                        .Where(hit => !examples.Contains(hit.Id))
                        .Select((hit, i) => hit with { Rank = i + 1 })
                        .Skip(options.Offset)
                        .Take(topK),
                ];
            }
            catch (ModelChangedException) { }
        }
    }

    private async Task<float[]> ExampleAsync(
        IReadOnlyCollection<string> positive,
        IReadOnlyCollection<string> negative,
        Manifest manifest,
        CancellationToken cancellationToken
    )
    {
        float[] example = new float[manifest.Dimensions];
        // Of the mean of the positive ones twice, because the difference from the negative ones is added to it once.
        float positiveWeight = (negative.Count == 0 ? 1f : 2f) / positive.Count;
        foreach (string id in positive)
            Add(await VectorAsync(id).ConfigureAwait(false), positiveWeight);
        foreach (string id in negative)
            Add(await VectorAsync(id).ConfigureAwait(false), -1f / negative.Count);
        if (manifest.Metric == SimilarityMetric.Cosine && !VectorMath.Normalize(example))
            throw new InputException("the examples cancel each other out; give other ones");
        return example;

        void Add(float[] vector, float weight)
        {
            for (int i = 0; i < Math.Min(example.Length, vector.Length); i++)
                example[i] += weight * vector[i];
        }

        async Task<float[]> VectorAsync(string id) =>
            await _collection.FindVectorAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw new InputException($"{Location} has no document '{id}'");
    }
}
