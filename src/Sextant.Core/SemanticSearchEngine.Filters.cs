using System.Text.Json.Nodes;
using Sextant.Search.Browsing;
using Sextant.Search.Facets;
using Sextant.Search.Filters;
using Sextant.Search.Grouping;
using Sextant.Search.Storage;

namespace Sextant;

public sealed partial class SemanticSearchEngine
{
    /// <summary>How many documents are looked at for the names of fields.</summary>
    private const int DocumentsForNames = 1000;

    /// <summary>How many fields a sentence lists.</summary>
    private const int FieldsInSentence = 12;

    /// <summary>
    /// Counts the values that fields of the metadata have in the documents that match a filter; exact, and over all of them, not only over
    /// those that a search returns.
    /// </summary>
    /// <param name="fields">The fields. The elements of an array count each; null and objects do not count.</param>
    /// <param name="filter">A condition; all documents when <see langword="null"/>.</param>
    /// <param name="limit">The most values of each field.</param>
    /// <param name="cancellationToken">Cancels counting.</param>
    /// <returns>The values of each field, in the order of <paramref name="fields"/>.</returns>
    /// <exception cref="InputException">The filter is too large, or a field has no name.</exception>
    public Task<IReadOnlyList<Facet>> GetFacetsAsync(
        IReadOnlyList<FieldPath> fields,
        FilterExpression? filter = null,
        int limit = 10,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ThrowIfDisposed();
        if (filter is not null)
            FilterLimits.Check(filter);
        foreach (FieldPath field in fields)
            FilterLimits.Check(field);
        return _collection.GetFacetsAsync(fields, filter, limit, cancellationToken);
    }

    /// <summary>Says which of some fields no document has, and what they were probably meant to be.</summary>
    /// <param name="fields">The fields that facets or groups were asked of.</param>
    /// <param name="cancellationToken">Cancels looking.</param>
    /// <returns>A sentence for each field that no document has.</returns>
    public async Task<IReadOnlyList<string>> ExplainFieldsAsync(
        IEnumerable<FieldPath> fields,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(fields);
        List<string> sentences = [];
        foreach (FieldPath field in fields)
            sentences.AddRange(await ExplainFilterAsync(new ExistsFilter(field), cancellationToken).ConfigureAwait(false));
        return sentences;
    }

    /// <summary>Says why a filter matches nothing: which of its fields no document has, and what they were probably meant to be.</summary>
    /// <param name="filter">The filter of a search that found nothing.</param>
    /// <param name="cancellationToken">Cancels looking.</param>
    /// <returns>A sentence for each field; none when documents have all of them.</returns>
    public async Task<IReadOnlyList<string>> ExplainFilterAsync(FilterExpression filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ThrowIfDisposed();
        List<string> sentences = [];
        foreach (FieldPath field in FilterFields.List(filter).Distinct())
        {
            float[] any = new float[Model.Dimensions];
            any[0] = 1;
            CollectionQuery query = new()
            {
                Vector = any,
                Keywords = [],
                Mode = SearchMode.Semantic,
                Filter = new ExistsFilter(field),
                Count = 1,
                Exact = true,
            };
            if ((await _collection.SearchAsync(query, cancellationToken).ConfigureAwait(false)).Count > 0)
                continue;
            string[] names = await FieldNamesAsync(cancellationToken).ConfigureAwait(false);
            string meant =
                Suggestion.Nearest(field.ToString(), names) is { } near ? $"; did you mean '{near}'?"
                : names.Length == 0 ? "; the documents have no fields"
                : $"; there are {string.Join(", ", names.Take(FieldsInSentence))}{(names.Length > FieldsInSentence ? " …" : "")}";
            sentences.Add($"no document has the field '{field}'{meant}");
        }

        return sentences;
    }

    /// <summary>Lists documents without a query: the newest, or sorted by a field.</summary>
    /// <param name="options">Which, and in which order; the 10 newest when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels listing.</param>
    /// <returns>The documents, without their vectors, and how many match.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    /// <exception cref="InputException">The filter is too large, or the field has no name.</exception>
    public Task<BrowseResult> BrowseAsync(BrowseOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Offset);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)options.Offset + options.Count, int.MaxValue / 4);
        ThrowIfDisposed();
        if (options.Filter is { } filter)
            FilterLimits.Check(filter);
        if (options.OrderBy is { } field)
            FilterLimits.Check(field);
        return _collection.BrowseAsync(options, cancellationToken);
    }

    /// <summary>The texts of the document that a text is a part of: of its file, or of its record in a file of many.</summary>
    /// <param name="id">The id of the part.</param>
    /// <param name="limit">The most texts to return.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <returns>The parts in the order in which they were first added; empty for an unknown id.</returns>
    public async Task<IReadOnlyList<StoredDocument>> ListPartsAsync(
        string id,
        int limit = 1_000,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(id);
        ThrowIfDisposed();
        if (await _collection.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } part)
            return [];
        string whole = SourceDocument.Name(id, part.Source);
        IReadOnlyList<string> ids =
            part.Source.Length == 0
                ? [id]
                : await _collection
                    .FindIdsBySourceAsync(
                        part.Source,
                        (other, source) => source == part.Source && SourceDocument.Name(other, source) == whole,
                        cancellationToken
                    )
                    .ConfigureAwait(false);
        List<StoredDocument> parts = [];
        foreach (string other in ids.Take(limit))
        {
            if (await _collection.FindAsync(other, cancellationToken).ConfigureAwait(false) is { } found)
                parts.Add(found with { Vector = null, GivenVector = null });
        }

        return [.. parts.OrderBy(static one => one.Key)];
    }

    /// <summary>The fields of the metadata of the first 1,000 documents, also those inside of objects, by name.</summary>
    /// <param name="cancellationToken">Cancels reading.</param>
    public async Task<IReadOnlyList<MetadataField>> ListFieldsAsync(CancellationToken cancellationToken = default)
    {
        Dictionary<FieldPath, bool> fields = [];
        int read = 0;
        await foreach (Document document in ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (read++ == DocumentsForNames)
                break;
            Add(document.Metadata, []);
        }

        return
        [
            .. fields
                .Select(static field => new MetadataField(field.Key, field.Value))
                .OrderBy(static field => field.Path.ToString(), StringComparer.Ordinal),
        ];

        void Add(JsonObject? metadata, string[] within)
        {
            foreach ((string name, JsonNode? value) in metadata ?? [])
            {
                FieldPath path = new([.. within, name]);
                if (value is JsonObject inner)
                    Add(inner, [.. path.Names]);
                else
                    fields[path] = value is JsonArray || fields.GetValueOrDefault(path);
            }
        }
    }

    private async Task<string[]> FieldNamesAsync(CancellationToken cancellationToken)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        int read = 0;
        await foreach (Document document in ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (read++ == DocumentsForNames)
                break;
            Add(document.Metadata, "");
        }

        return [.. names];

        void Add(JsonObject? metadata, string within)
        {
            foreach ((string name, JsonNode? value) in metadata ?? [])
            {
                names.Add(within + name);
                if (value is JsonObject inner)
                    Add(inner, $"{within}{name}.");
            }
        }
    }
}
