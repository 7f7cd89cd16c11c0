using System.Collections.Immutable;
using Sextant.Search.Storage;

namespace CustomStore;

/// <summary>
/// The documents of one collection. A reader takes one state and keeps it; a writer puts another in its place, so that a reader never sees
/// half of a write.
/// </summary>
internal sealed class MemoryTable(Manifest manifest)
{
    private readonly Lock _writing = new();
    private TableState _state = new(ImmutableSortedDictionary<long, StoredDocument>.Empty, ImmutableDictionary<string, long>.Empty, 0);

    public Manifest Manifest => manifest;

    public TableState State => Volatile.Read(ref _state);

    /// <summary>Adds and replaces documents; returns <see langword="null"/>, and writes nothing, where a vector is missing.</summary>
    public WriteEffect[]? Upsert(IReadOnlyList<IncomingDocument> documents)
    {
        lock (_writing)
        {
            TableState state = _state;
            WriteEffect[] effects = new WriteEffect[documents.Count];
            for (int i = 0; i < effects.Length; i++)
            {
                IncomingDocument document = documents[i];
                StoredDocument? stored = state.Find(document.Id);
                // A document can bring another vector for the same text.
                bool isSameText =
                    stored?.Text == document.Text && (!document.HasGivenVector || document.Vector.AsSpan().SequenceEqual(stored.Vector));
                if (isSameText && stored!.Metadata == document.Metadata && stored.Source == document.Source)
                    continue;
                if ((isSameText ? stored!.Vector : document.Vector) is not { } vector)
                    return null;
                effects[i] = stored is null ? WriteEffect.Added : WriteEffect.Updated;
                long key = stored?.Key ?? state.LastKey + 1;
                state = state.With(new(key, document.Id, document.Text, document.Metadata, document.Source) { Vector = vector });
            }

            Volatile.Write(ref _state, state);
            return effects;
        }
    }

    /// <summary>Removes documents and returns how many were stored.</summary>
    public int Delete(IEnumerable<string> ids)
    {
        lock (_writing)
        {
            TableState state = ids.Aggregate(_state, (current, id) => current.Without(id));
            int deleted = _state.ByKey.Count - state.ByKey.Count;
            Volatile.Write(ref _state, state);
            return deleted;
        }
    }
}

/// <summary>All documents by key, which grows with each new document, and the key of each id.</summary>
internal sealed record TableState(
    ImmutableSortedDictionary<long, StoredDocument> ByKey,
    ImmutableDictionary<string, long> Keys,
    long LastKey
)
{
    public StoredDocument? Find(string id) => Keys.TryGetValue(id, out long key) ? ByKey[key] : null;

    public TableState With(StoredDocument document) =>
        new(ByKey.SetItem(document.Key, document), Keys.SetItem(document.Id, document.Key), Math.Max(LastKey, document.Key));

    public TableState Without(string id) =>
        Keys.TryGetValue(id, out long key) ? this with { ByKey = ByKey.Remove(key), Keys = Keys.Remove(id) } : this;
}
