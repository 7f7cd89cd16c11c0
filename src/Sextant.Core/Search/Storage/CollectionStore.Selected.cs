using System.Runtime.CompilerServices;
using Sextant.Search.Filters;
using Sextant.Search.Updates;

namespace Sextant.Search.Storage;

public abstract partial class CollectionStore
{
    private const int SelectionBatch = 1_000;

    /// <summary>Documents with their vectors that match a filter, in the order in which they were first added.</summary>
    /// <param name="afterKey">The key after which to begin; 0 for the first.</param>
    /// <param name="limit">The most to return.</param>
    /// <param name="filter">The condition. By default all documents are read for it.</param>
    /// <param name="cancellationToken">Stops.</param>
    public virtual async Task<IReadOnlyList<StoredDocument>> ReadAsync(
        long afterKey,
        int limit,
        FilterExpression filter,
        CancellationToken cancellationToken
    )
    {
        List<StoredDocument> found = [];
        while (
            found.Count < limit
            && await ReadAsync(afterKey, SelectionBatch, cancellationToken).ConfigureAwait(false) is { Count: > 0 } batch
        )
        {
            afterKey = batch[^1].Key;
            found.AddRange(batch.Where(document => Matches(document, filter)).Take(limit - found.Count));
        }

        return found;
    }

    /// <summary>Removes the selected documents, all of them or none.</summary>
    /// <param name="selection">Which documents.</param>
    /// <param name="isDryRun">Whether they are only counted.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    /// <returns>The number of documents.</returns>
    public virtual async Task<int> DeleteAsync(DocumentSelection selection, bool isDryRun, CancellationToken cancellationToken)
    {
        List<string> ids = [];
        await foreach (StoredDocument document in SelectAsync(selection, cancellationToken).ConfigureAwait(false))
            ids.Add(document.Id);
        return isDryRun ? ids.Count : await DeleteAsync(ids, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Changes the metadata of the selected documents, all of them or none. Texts and vectors stay.</summary>
    /// <param name="selection">Which documents.</param>
    /// <param name="change">
    /// The new metadata of a document as canonical JSON; what it throws ends the update with nothing written. It may be called more than
    /// once for a document, which may have no vector.
    /// </param>
    /// <param name="isDryRun">Whether nothing is written.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    public virtual async Task<MetadataUpdate> UpdateMetadataAsync(
        DocumentSelection selection,
        Func<StoredDocument, string> change,
        bool isDryRun,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(change);
        while (true)
        {
            int matched = 0;
            List<IncomingDocument> changed = [];
            await foreach (StoredDocument document in SelectAsync(selection, cancellationToken).ConfigureAwait(false))
            {
                matched++;
                string metadata = change(document);
                if (metadata != document.Metadata)
                    changed.Add(new(document.Id, document.Text, IncomingDocument.HashText(document.Text), metadata, document.Source));
            }

            // Null: a text was replaced in between.
            if (changed.Count == 0 || isDryRun || await UpsertAsync(changed, cancellationToken).ConfigureAwait(false) is not null)
                return new(matched, changed.Count);
        }
    }

    private static bool Matches(StoredDocument document, FilterExpression filter) =>
        FilterEvaluator.Matches(filter, MetadataJson.Parse(document.Metadata));

    private async IAsyncEnumerable<StoredDocument> SelectAsync(
        DocumentSelection selection,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(selection);
        if (selection.Ids is { } ids)
        {
            foreach (string id in ids.Distinct(StringComparer.Ordinal))
            {
                if (
                    await FindAsync(id, cancellationToken).ConfigureAwait(false) is { } document
                    && (selection.Filter is null || Matches(document, selection.Filter))
                )
                {
                    yield return document;
                }
            }

            yield break;
        }

        await foreach (IReadOnlyList<StoredDocument> batch in ListAsync(SelectionBatch, cancellationToken).ConfigureAwait(false))
        {
            foreach (StoredDocument document in batch)
            {
                if (selection.Filter is null || Matches(document, selection.Filter))
                    yield return document;
            }
        }
    }
}
