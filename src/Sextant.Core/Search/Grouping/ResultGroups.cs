using Sextant.Search.Facets;
using Sextant.Search.Filters;

namespace Sextant.Search.Grouping;

/// <summary>
/// Groups the results of a search by the values of a field, or by the document that they are parts of. The groups come in the order of
/// their best results. See docs/decisions/groups.md.
/// </summary>
internal sealed class ResultGroups
{
    /// <summary>The most documents that one search looks at to find enough groups.</summary>
    public const int MaxCandidates = 10_000;

    /// <summary>Groups by document, unless the metadata have a field of this name.</summary>
    public const string Source = "source";

    private const int Growth = 4;

    private readonly FieldPath _by;
    private readonly int _size;
    private readonly List<(FilterValue? Value, List<SearchResult> Results)> _groups = [];
    private readonly Dictionary<FilterValue, int> _places = [];
    private int? _placeOfNone;

    private ResultGroups(FieldPath by, int size) => (_by, _size) = (by, size);

    /// <summary>Searches ever deeper until there are enough groups, or no more results.</summary>
    /// <param name="groups">The most groups.</param>
    /// <param name="options">How to group; the offset counts groups.</param>
    /// <param name="search">A search for a number of results without an offset.</param>
    public static async Task<IReadOnlyList<SearchResult>> SearchAsync(
        int groups,
        SearchOptions options,
        Func<int, SearchOptions, Task<IReadOnlyList<SearchResult>>> search
    )
    {
        SearchOptions flat = options with { GroupBy = null, Offset = 0 };
        long needed = (long)options.Offset + groups;
        long depth = Math.Max(options.Candidates, Math.Min(MaxCandidates, needed * options.GroupSize));
        // What a reranker orders is limited by its cost, not by the number of groups.
        bool isReranked = options.Rerank is not null || options.Reranker is not null;
        while (groups > 0)
        {
            IReadOnlyList<SearchResult> results = await search((int)depth, flat).ConfigureAwait(false);
            ResultGroups grouped = new(options.GroupBy!, options.GroupSize);
            foreach (SearchResult result in results)
                grouped.Add(result);
            if (grouped._groups.Count >= needed || results.Count < depth || depth >= MaxCandidates || isReranked)
                return grouped.Read(options.Offset, groups);
            depth = Math.Min(MaxCandidates, depth * Growth);
        }

        return [];
    }

    private void Add(SearchResult result)
    {
        bool any = false;
        foreach (FilterValue value in Values(result))
        {
            any = true;
            if (!_places.TryGetValue(value, out int place))
                _places[value] = place = Open(value);
            Add(place, result);
        }

        if (!any)
            Add(_placeOfNone ??= Open(null), result);
    }

    private IEnumerable<FilterValue> Values(SearchResult result)
    {
        IEnumerable<FilterValue> values = FieldValues.List(_by, result.Metadata);
        return _by.Names is [Source] && !result.Metadata.ContainsKey(Source)
            ? [FilterValue.Text(SourceDocument.Name(result.Id, result.Source))]
            : values;
    }

    private int Open(FilterValue? value)
    {
        _groups.Add((value, []));
        return _groups.Count - 1;
    }

    private void Add(int place, SearchResult result)
    {
        if (_groups[place].Results.Count < _size)
            _groups[place].Results.Add(result);
    }

    private List<SearchResult> Read(int offset, int count)
    {
        int rank = _groups.Take(offset).Sum(static group => group.Results.Count);
        List<SearchResult> page = [];
        foreach ((FilterValue? value, List<SearchResult> results) in _groups.Skip(offset).Take(count))
        {
            page.AddRange(results.Select(result => result with { Rank = ++rank, Group = value }));
        }

        return page;
    }
}
