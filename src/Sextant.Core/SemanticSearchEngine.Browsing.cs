using System.Text.Json.Nodes;
using Sextant.Search.Browsing;
using Sextant.Search.Filters;
using Sextant.Search.Grouping;
using Sextant.Search.Storage;

namespace Sextant;

public sealed partial class SemanticSearchEngine
{
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
}
