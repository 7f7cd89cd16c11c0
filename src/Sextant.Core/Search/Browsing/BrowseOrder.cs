using System.Text.Json.Nodes;
using Sextant.Search.Facets;
using Sextant.Search.Filters;
using Sextant.Search.Storage;

namespace Sextant.Search.Browsing;

/// <summary>The first documents in an order, kept while all are read.</summary>
internal sealed class BrowseOrder(BrowseOptions options)
{
    private readonly List<(FilterValue? Value, StoredDocument Document)> _kept = [];

    public long Total { get; private set; }

    private int Needed => options.Offset + options.Count;

    public void Add(StoredDocument document)
    {
        JsonObject metadata = MetadataJson.Parse(document.Metadata);
        if (options.Filter is { } filter && !FilterEvaluator.Matches(filter, metadata))
            return;
        Total++;
        FilterValue? value =
            options.OrderBy is { } field && FilterEvaluator.TryFind(field, metadata, out JsonNode? found) ? FieldValues.Read(found) : null;
        _kept.Add((value, document with { Vector = null, GivenVector = null }));
        if (_kept.Count >= 2 * (Needed + 1))
            Cut();
    }

    public BrowseResult Read()
    {
        Cut();
        return new([.. _kept.Skip(options.Offset).Select(static one => one.Document)], Total);
    }

    private void Cut()
    {
        _kept.Sort(Compare);
        if (_kept.Count > Needed)
            _kept.RemoveRange(Needed, _kept.Count - Needed);
    }

    private int Compare((FilterValue? Value, StoredDocument Document) left, (FilterValue? Value, StoredDocument Document) right)
    {
        int sign = options.IsAscending ? 1 : -1;
        if (options.OrderBy is null)
            return sign * left.Document.Key.CompareTo(right.Document.Key);
        int order = Kind(left.Value).CompareTo(Kind(right.Value));
        if (order == 0 && left.Value is { } one && right.Value is { } other)
            order = sign * FieldValues.Compare(one, other);
        return order != 0 ? order : right.Document.Key.CompareTo(left.Document.Key);
    }

    private static int Kind(FilterValue? value) =>
        value switch
        {
            null => 3,
            { IsText: true } => 0,
            { IsBoolean: true } => 2,
            _ => 1,
        };
}
