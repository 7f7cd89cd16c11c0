using Sextant.Server.Http;

namespace Sextant.Server.Api.VectorStores;

/// <summary>A page of a list, as OpenAI's clients read it.</summary>
internal sealed record ListPage<T>(string Object, IReadOnlyList<T> Data, string? FirstId, string? LastId, bool HasMore);

/// <summary>Selects a page of a list by <c>limit</c>, <c>order</c>, <c>after</c> and <c>before</c>.</summary>
internal static class Paging
{
    /// <exception cref="ServiceException">A parameter is out of its range.</exception>
    public static ListPage<TBody> Page<TItem, TBody>(
        IEnumerable<TItem> items,
        Func<TItem, (long CreatedAt, string Id)> key,
        Func<TItem, TBody> describe,
        PageParameters parameters,
        int most = 100
    )
    {
        int limit = parameters.Limit ?? Math.Min(most, 20);
        if (limit < 1 || limit > most)
            throw ServiceException.BadRequest($"'limit' must be from 1 to {most}.", "limit");
        List<TItem> ordered = parameters.Order switch
        {
            null or "desc" => [.. items.OrderByDescending(key)],
            "asc" => [.. items.OrderBy(key)],
            _ => throw ServiceException.BadRequest("'order' must be 'asc' or 'desc'.", "order"),
        };
        int start = parameters.After is { } after ? IndexOf(after, "after") + 1 : 0,
            end = parameters.Before is { } before ? IndexOf(before, "before") : ordered.Count;
        List<TItem> range = ordered[start..Math.Max(start, end)];
        // Before an item, the page is the nearest to it.
        List<TItem> page = parameters is { Before: not null, After: null }
            ? range[Math.Max(0, range.Count - limit)..]
            : [.. range.Take(limit)];
        return new(
            "list",
            [.. page.Select(describe)],
            page.Count > 0 ? key(page[0]).Id : null,
            page.Count > 0 ? key(page[^1]).Id : null,
            page.Count < range.Count
        );

        int IndexOf(string id, string param)
        {
            int index = ordered.FindIndex(item => key(item).Id == id);
            return index >= 0 ? index : throw ServiceException.BadRequest($"'{param}': there is no '{id}' in the list.", param);
        }
    }
}

/// <summary>The parameters of a list.</summary>
internal sealed record PageParameters
{
    /// <summary>The most items of the page.</summary>
    public int? Limit { get; init; }

    /// <summary>By time: <c>asc</c> or <c>desc</c>, the default.</summary>
    public string? Order { get; init; }

    /// <summary>The item that the page follows.</summary>
    public string? After { get; init; }

    /// <summary>The item that the page ends before.</summary>
    public string? Before { get; init; }
}
