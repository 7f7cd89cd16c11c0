namespace Sextant.Hosted;

/// <summary>The documents of one request.</summary>
/// <param name="Places">Their indexes among all documents.</param>
/// <param name="QueryTokens">The tokens of the query.</param>
/// <param name="DocumentTokens">The tokens of each document.</param>
internal sealed record RerankBatch(int[] Places, int QueryTokens, int[] DocumentTokens)
{
    /// <summary>What services count: the query is read once for each document.</summary>
    public long Tokens => ((long)QueryTokens * Places.Length) + DocumentTokens.Sum(static tokens => (long)tokens);

    /// <summary>The search units that it takes where searches are paid for.</summary>
    public long Searches => RerankPrice.Searches(QueryTokens, DocumentTokens);

    /// <summary>Always the same halves: the same documents make the same requests.</summary>
    public (RerankBatch First, RerankBatch Second) Halve()
    {
        int half = Places.Length - (Places.Length / 2);
        return (
            this with
            {
                Places = Places[..half],
                DocumentTokens = DocumentTokens[..half],
            },
            this with
            {
                Places = Places[half..],
                DocumentTokens = DocumentTokens[half..],
            }
        );
    }

    /// <summary>
    /// Cuts documents into requests of at most <paramref name="maxDocuments"/> and <paramref name="maxTokens"/>; one document always fits.
    /// </summary>
    public static IEnumerable<RerankBatch> Cut(RerankBatch all, int maxDocuments, long maxTokens)
    {
        for (int begin = 0, end; begin < all.Places.Length; begin = end)
        {
            long tokens = 0;
            for (end = begin; end < all.Places.Length && end - begin < maxDocuments; end++)
            {
                tokens += all.QueryTokens + (long)all.DocumentTokens[end];
                if (tokens > maxTokens && end > begin)
                {
                    break;
                }
            }

            yield return all with
            {
                Places = all.Places[begin..end],
                DocumentTokens = all.DocumentTokens[begin..end],
            };
        }
    }
}
