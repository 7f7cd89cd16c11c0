using Microsoft.Extensions.VectorData.ProviderServices;
using Sextant.Search;
using Sextant.Search.Filters;
using Sextant.Search.Storage;

namespace Sextant.VectorData;

/// <summary>
/// A search that reads all documents, for what the engine has no index for: vectors after a record's first, distances that are not a metric
/// of collections, and words of a text property after the first.
/// </summary>
internal static class ExhaustiveSearch<TRecord>
    where TRecord : class
{
    /// <summary>The best documents with their scores, best first; equal ones in the order in which they were added.</summary>
    public static async Task<IReadOnlyList<(Document Document, double Score)>> RunAsync(
        SemanticSearchEngine engine,
        RecordMapper<TRecord> mapper,
        ExhaustiveQuery query,
        CancellationToken cancellationToken
    )
    {
        string[] words = [.. KeywordAnalyzer.AnalyzeQuery(query.Keywords ?? [])];
        Bm25Ranker ranking = new(words);
        List<(Document Document, double Score)> all = [];
        await foreach (Document document in engine.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            bool isWanted = query.Filter is null || FilterEvaluator.Matches(query.Filter, document.Metadata ?? []);
            if (mapper.VectorOf(document, query.Property) is not { } vector)
                continue;
            if (vector.Length != query.Vector.Length)
            {
                throw new InputException(
                    $"the query has {query.Vector.Length} dimensions, and the vectors of {query.Property.ModelName} have {vector.Length}"
                );
            }

            if (words.Length > 0)
            {
                string text = query.Text is { } property ? mapper.TextOf(document, property) ?? "" : document.Text;
                ranking.Add(new(new(all.Count, document.Id!, text, "", ""), 0), isWanted);
            }

            // Documents keep their numbers, so that words and vectors name the same ones.
            all.Add((document, isWanted ? query.Distance.Compute(query.Vector.Span, vector.Span) : double.NaN));
        }

        IEnumerable<int> near = Enumerable
            .Range(0, all.Count)
            .Where(i => !double.IsNaN(all[i].Score))
            .OrderBy(i => query.Distance.IsAscending ? all[i].Score : -all[i].Score);
        IEnumerable<int> ranked = query.Keywords is null ? near : Fuse([.. near], all, ranking, query);
        return
        [
            .. ranked.Select(i => all[i]).Where(hit => query.Distance.Meets(hit.Score, query.Threshold)).Skip(query.Skip).Take(query.Top),
        ];
    }

    private static IEnumerable<int> Fuse(int[] near, List<(Document Document, double Score)> all, Bm25Ranker ranking, ExhaustiveQuery query)
    {
        int wide = (int)Math.Max(Math.Min(int.MaxValue, (long)query.Skip + query.Top), RankFusion.Depth);
        IReadOnlyList<CollectionHit> words = ranking.Best(wide);
        return RankFusion
            .Fuse(
                [.. near.Take(wide).Select(i => ((long)i, (float)(query.Distance.IsAscending ? -all[i].Score : all[i].Score)))],
                [.. words.Select(hit => (hit.Document.Key, hit.Keyword!.Score))],
                ranking.Weight
            )
            .Select(one => (int)one.Key);
    }
}

/// <summary>What an <see cref="ExhaustiveSearch{TRecord}"/> looks for.</summary>
internal sealed record ExhaustiveQuery(ReadOnlyMemory<float> Vector, VectorPropertyModel Property, VectorDistance Distance)
{
    public required int Top { get; init; }

    public required int Skip { get; init; }

    public double? Threshold { get; init; }

    public FilterExpression? Filter { get; init; }

    /// <summary>The words of a hybrid search; <see langword="null"/> in a search by vector alone.</summary>
    public IReadOnlyList<string>? Keywords { get; init; }

    /// <summary>The property that the words are looked for in; <see langword="null"/> for the text of the document.</summary>
    public DataPropertyModel? Text { get; init; }
}
