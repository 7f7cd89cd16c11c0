using System.Globalization;
using Sextant.Search.Storage;

namespace Sextant.Sources;

/// <summary>A text that was read, prepared for the store under the id that it would have if it were alone.</summary>
internal sealed record ClaimedDocument(IncomingDocument Incoming, SourceDocument From, SourceIdentity Source);

/// <summary>
/// Ensures that no source overwrites the documents of another: a generated id that another source already has is replaced with a different
/// one, and an explicit id from two sources is an error.
/// </summary>
internal sealed class DocumentClaims(CollectionStore store, SourceIdentities sources, IndexingRun run)
{
    /// <summary>The documents of <paramref name="batch"/> that come for the first time in this run, under the ids that they get.</summary>
    /// <exception cref="InputException">An id belongs to another source; the message names both.</exception>
    public async Task<List<IncomingDocument>> ClaimAsync(IReadOnlyList<ClaimedDocument> batch, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredState?> states = await store
            .FindStatesAsync([.. batch.Select(document => document.Incoming.Id)], cancellationToken)
            .ConfigureAwait(false);
        int[] doubtful =
        [
            .. Enumerable
                .Range(0, batch.Count)
                .Where(i =>
                    batch[i].From.HasMadeId && (states[i] is { } state ? IsForeign(state, batch[i].Source) : batch[i].Source.UsesOther)
                ),
        ];
        IReadOnlyList<StoredState?> others =
            doubtful.Length == 0
                ? []
                : await store
                    .FindStatesAsync([.. doubtful.Select(i => batch[i].Source.OtherId(batch[i].Incoming.Id))], cancellationToken)
                    .ConfigureAwait(false);
        Dictionary<int, StoredState?> other = doubtful.Zip(others).ToDictionary(pair => pair.First, pair => pair.Second);

        List<IncomingDocument> claimed = new(batch.Count);
        for (int i = 0; i < batch.Count; i++)
        {
            IncomingDocument incoming = batch[i].From.HasMadeId
                ? Made(batch[i], states[i], other.GetValueOrDefault(i))
                : Given(batch[i], states[i]);
            if (run.IsNew(incoming, batch[i].From, batch[i].Source.Place))
                claimed.Add(incoming);
        }

        return claimed;
    }

    private IncomingDocument Made(ClaimedDocument document, StoredState? state, StoredState? other)
    {
        (IncomingDocument incoming, _, SourceIdentity source) = document;
        bool isForeign = state is { } stored && IsForeign(stored, source) && !HasMoved(stored, incoming);
        bool isTaken = isForeign || (run.SourceOf(incoming.Id) is { } place && place != source.Place);
        if (!isTaken && (state is not null || other is null))
            return Kept(incoming, state, source);
        return Kept(incoming with { Id = source.OtherId(incoming.Id) }, other, source);
    }

    private IncomingDocument Given(ClaimedDocument document, StoredState? state)
    {
        (IncomingDocument incoming, SourceDocument from, SourceIdentity source) = document;
        if (run.SourceOf(incoming.Id) is { } place && place != source.Place)
            throw Collision(from, incoming.Id, place);
        if (state is not { } stored || !IsForeign(stored, source))
            return Kept(incoming, state, source);
        // A row may have moved between files of a folder; if both files had it, this run would detect the collision.
        return sources.Covers(stored.Source) || HasMoved(stored, incoming) ? incoming : throw Collision(from, incoming.Id, stored.Source);
    }

    // Documents added without a source have no owner.
    private bool IsForeign(StoredState state, SourceIdentity source) => state.Source.Length > 0 && !sources.IsSame(state.Source, source);

    /// <summary>Keeps the stored spelling of the source, so that an unchanged document is not written.</summary>
    private IncomingDocument Kept(IncomingDocument incoming, StoredState? state, SourceIdentity source) =>
        state is { } stored && sources.IsSame(stored.Source, source) ? incoming with { Source = stored.Source } : incoming;

    // The same document of a file that is no longer there. A database may hold documents of other machines, whose files are unknown here.
    private bool HasMoved(StoredState stored, IncomingDocument incoming) =>
        store.IsLocal
        && Path.IsPathRooted(stored.Source)
        && !File.Exists(stored.Source)
        && stored.Metadata == incoming.Metadata
        && stored.TextHash.AsSpan().SequenceEqual(incoming.TextHash);

    private static InputException Collision(SourceDocument from, string id, string other)
    {
        const string Input = SourceReader.StandardInput;
        string moved =
            other == Input || from.Source == Input
                ? ""
                : $", or, if this is the same source in another location, give it the source name '{other}'";
        return new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Shown(from.Source)}:{from.Line}: the id '{id}' belongs to a document from {Shown(other)}; ids must be unique in a "
                    + $"collection: "
                    + $"use another id field, or index the sources into separate collections{moved}"
            )
        );

        static string Shown(string source) => source == Input ? "the standard input" : source;
    }
}
