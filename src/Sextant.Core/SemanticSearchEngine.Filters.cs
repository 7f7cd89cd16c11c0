using System.Text.Json.Nodes;
using Sextant.Search.Filters;
using Sextant.Search.Storage;

namespace Sextant;

public sealed partial class SemanticSearchEngine
{
    /// <summary>How many documents are looked at for the names of fields.</summary>
    private const int DocumentsForNames = 1000;

    /// <summary>How many fields a sentence lists.</summary>
    private const int FieldsInSentence = 12;

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
