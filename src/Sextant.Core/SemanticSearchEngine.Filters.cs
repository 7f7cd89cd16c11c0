using System.Text.Json.Nodes;
using Sextant.Search.Facets;
using Sextant.Search.Filters;
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
