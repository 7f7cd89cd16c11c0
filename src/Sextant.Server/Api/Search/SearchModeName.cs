using Sextant.Server.Http;

namespace Sextant.Server.Api.Search;

/// <summary>How requests name a <see cref="SearchMode"/>.</summary>
internal static class SearchModeName
{
    public const string Semantic = "semantic";
    public const string Keyword = "keyword";
    public const string Hybrid = "hybrid";

    /// <summary>The mode of a search, by its name or by the short form for the hybrid one.</summary>
    /// <exception cref="ServiceException">There is no such mode, the two contradict each other, or words are to be searched for without a
    /// query.</exception>
    public static SearchMode Parse(SearchRequest request)
    {
        SearchMode mode = request.Mode switch
        {
            null => request.Hybrid == true ? SearchMode.Hybrid : SearchMode.Semantic,
            Semantic => SearchMode.Semantic,
            Keyword => SearchMode.Keyword,
            Hybrid => SearchMode.Hybrid,
            _ => throw ServiceException.BadRequest(
                $"'{request.Mode}' is not one of ['{Semantic}', '{Keyword}', '{Hybrid}'] - 'mode'",
                "mode"
            ),
        };
        if (request.Hybrid is { } hybrid && hybrid != (mode == SearchMode.Hybrid))
        {
            throw ServiceException.BadRequest(
                $"'mode' is '{request.Mode}' and 'hybrid' is {(hybrid ? "true" : "false")}: give only one of the two.",
                "mode"
            );
        }

        if (mode != SearchMode.Semantic && request.Query is null)
        {
            string param = request.Mode is null ? "hybrid" : "mode";
            throw ServiceException.BadRequest($"A keyword search needs a 'query'; with a vector or an id, omit '{param}'.", param);
        }

        return mode;
    }
}
