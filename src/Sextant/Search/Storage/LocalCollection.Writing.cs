using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Sextant.Index;

namespace Sextant.Search.Storage;

internal sealed partial class LocalCollection
{
    /// <summary>Fewer changes than this are replayed at the next opening faster than a large graph is written now.</summary>
    private const int WorthSaving = 500;

    public override Task<WriteEffect[]?> UpsertAsync(IReadOnlyList<IncomingDocument> documents, CancellationToken cancellationToken) =>
        WriteAsync(writer =>
        {
            WriteResult? result = writer.Upsert(documents, cancellationToken);
            if (result is null) Follow();
            if (result is null || result.Effects.All(effect => effect == WriteEffect.Unchanged)) return result?.Effects;
            if (result.Change != _index.Change + 1)
            {
                Follow();
                return result.Effects;
            }

            Dictionary<long, float[]> vectors = [];
            for (int i = 0; i < documents.Count; i++)
                if (result.Effects[i] != WriteEffect.Unchanged && documents[i].Vector is { } vector) vectors[result.Keys[i]] = vector;
            _index.Apply(result.Change, vectors);
            SaveSnapshotOnTheWay(writer);
            return result.Effects;
        }, cancellationToken);

    public override Task<int> DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        WriteAsync(writer => Removed(writer.Delete(ids)), cancellationToken);

    /// <summary>Notes what a source was like when it was last read whole.</summary>
    public Task NoteSourceAsync(string path, string state, CancellationToken cancellationToken) =>
        WriteAsync(writer =>
        {
            writer.NoteSource(path, state);
            return true;
        }, cancellationToken);

    private int Removed((long Change, List<long> Keys) deletion)
    {
        if (deletion.Keys.Count > 0 && deletion.Change == _index.Change + 1) _index.Apply(deletion.Change, deletion.Keys);
        else if (deletion.Keys.Count > 0) Follow();
        return deletion.Keys.Count;
    }

    /// <summary>Runs one write at a time, as the collection's one writer.</summary>
    internal async Task<T> WriteAsync<T>(Func<DocumentWriter, T> write, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() =>
            {
                try
                {
                    return write(Writer(cancellationToken));
                }
                catch (SqliteException e)
                {
                    throw StorageError.Of(e, _files.Documents);
                }
            }, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    // From its first write on, an engine is the collection's one writer until it is disposed.
    private DocumentWriter Writer(CancellationToken cancellationToken)
    {
        _lock ??= WriterLock.Take(_files);
        _writer ??= new(_files);
        // Changes of the process that wrote before, or of a write of ours that was interrupted on its way to the graph.
        Follow(cancellationToken);
        return _writer;
    }

    // Held: _changing. Even while this is the one writer the collection may be moved to another model.
    private void Follow(CancellationToken cancellationToken = default) => Read(reader =>
    {
        _index.CatchUp(reader, cancellationToken);
        return true;
    });

    private void SaveSnapshotOnTheWay(DocumentWriter writer)
    {
        if (_index.IsWorthSaving()) _index.Save(writer);
    }

    // While a collection is opened whose graph is missing or long behind: whoever loses patience does not begin from nothing again.
    private void SaveWhileLoading(HnswIndex index, long change)
    {
        try
        {
            using WriterLock? held = WriterLock.TryTake(_files);
            if (held is null) return;
            using DocumentWriter writer = new(_files);
            _index.Save(writer, index, change);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SextantException or SqliteException)
        {
            _logger.LogWarning(e, "The snapshot {File} could not be written", _files.Index);
        }
    }

    private void SaveSnapshotAtEnd()
    {
        if (_index.Unsaved == 0 || (_index.Unsaved < WorthSaving && _index.Unsaved < _index.Count / 100)) return;
        try
        {
            _lock ??= WriterLock.TryTake(_files);
            if (_lock is not null) _index.Save(_writer ??= new(_files));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SextantException or SqliteException)
        {
            // Nothing is lost with a snapshot: the next opening builds the graph from the documents.
            _logger.LogWarning(e, "The snapshot {File} could not be written", _files.Index);
        }
    }
}
