using Sextant.Search.Browsing;

namespace Sextant.Search.Storage;

public abstract partial class CollectionStore
{
    private const int BrowseBatch = 1_000;

    /// <summary>Documents in an order, without their vectors.</summary>
    /// <param name="options">Which, and in which order.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Equal ones are listed newest first. By default all documents are read for it.</returns>
    public virtual async Task<BrowseResult> BrowseAsync(BrowseOptions options, CancellationToken cancellationToken)
    {
        BrowseOrder order = new(options);
        await foreach (IReadOnlyList<StoredDocument> batch in ListAsync(BrowseBatch, cancellationToken).ConfigureAwait(false))
        {
            foreach (StoredDocument document in batch)
                order.Add(document);
        }

        return order.Read();
    }
}
