using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Sextant.Search.Storage;

namespace Sextant.Sources;

/// <summary>What one run of the indexer has seen and done. Each group of members belongs to one stage.</summary>
internal sealed class IndexingRun(IProgress<IndexingProgress>? progress)
{
    // Reading: of each id a hash, with a hash of what came under it. 128 bits, so that two ids are never taken for one.
    private readonly Dictionary<UInt128, (ulong Content, int Source)> _ids = [];
    private readonly List<string> _sources = [];
    private long _read;
    private volatile bool _allRead;

    private long _embedded;
    private long _stored;

    public long Added { get; private set; }

    public long Updated { get; private set; }

    public long Skipped { get; private set; }

    /// <summary>Whether the document comes for the first time; the very same document again does no harm.</summary>
    /// <exception cref="InputException">Its id came before, with something else.</exception>
    public bool IsNew(IncomingDocument incoming, SourceDocument from, string source)
    {
        // Files come one after the other, so that the last source is nearly always the one.
        if (_sources.Count == 0 || _sources[^1] != source)
            _sources.Add(source);
        UInt128 id = Hash(incoming.Id);
        ulong content = XxHash3.HashToUInt64([.. incoming.TextHash, .. Encoding.UTF8.GetBytes(incoming.Metadata)]);
        if (_ids.TryAdd(id, (content, _sources.Count - 1)))
            return true;
        if (_ids[id].Content == content)
            return false;
        throw new InputException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{from.Source}:{from.Line}: the id '{incoming.Id}' came before with another text; ids must be unique in a collection: "
                    + $"name another id field, or index the sources into separate collections"
            )
        )
        {
            RelatedOptions = [nameof(SourceReaderOptions.IdField)],
        };
    }

    /// <summary>The source of the document with this id in this run, or <see langword="null"/>.</summary>
    public string? SourceOf(string id) => _ids.TryGetValue(Hash(id), out (ulong Content, int Source) found) ? _sources[found.Source] : null;

    /// <summary>Whether a document of this id was read.</summary>
    public bool HasRead(string id) => _ids.ContainsKey(Hash(id));

    public void CountRead(int documents, bool all)
    {
        Interlocked.Add(ref _read, documents);
        if (all)
            _allRead = true;
        Report();
    }

    public void CountEmbedded(int documents)
    {
        Interlocked.Add(ref _embedded, documents);
        Report();
    }

    public void CountStored(IReadOnlyList<WriteEffect> effects)
    {
        foreach (WriteEffect effect in effects)
        {
            switch (effect)
            {
                case WriteEffect.Added:
                    Added++;
                    break;
                case WriteEffect.Updated:
                    Updated++;
                    break;
                default:
                    Skipped++;
                    break;
            }
        }

        Interlocked.Add(ref _stored, effects.Count);
        Report();
    }

    private static UInt128 Hash(string id) => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(id));

    private void Report() =>
        progress?.Report(new(Interlocked.Read(ref _read), Interlocked.Read(ref _embedded), Interlocked.Read(ref _stored), _allRead));
}
