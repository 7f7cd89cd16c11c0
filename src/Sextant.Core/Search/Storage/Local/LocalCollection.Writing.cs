using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Sextant.Files;
using Sextant.Index;
using Sextant.Search.Storage.Documents;
using Sextant.Search.Storage.Sqlite;
using Sextant.Search.Updates;

namespace Sextant.Search.Storage.Local;

internal sealed partial class LocalCollection
{
    /// <summary>Fewer changes than this are replayed at the next opening faster than a large graph is written now.</summary>
    private const int WorthSaving = 500;

    private const int WriteAttempts = 3;

    public override Task<IReadOnlyList<WriteEffect>?> UpsertAsync(
        IReadOnlyList<IncomingDocument> documents,
        CancellationToken cancellationToken
    ) =>
        WriteAsync<IReadOnlyList<WriteEffect>?>(
            writer =>
            {
                WriteResult? result = writer.Upsert(documents, cancellationToken);
                if (result is null)
                    Follow();
                if (result is null || result.Effects.All(effect => effect == WriteEffect.Unchanged))
                    return result?.Effects;
                if (result.Change != _index.Change + 1)
                {
                    Follow();
                    return result.Effects;
                }

                Dictionary<long, float[]> vectors = [];
                for (int i = 0; i < documents.Count; i++)
                {
                    if (result.Effects[i] != WriteEffect.Unchanged && documents[i].Vector is { } vector)
                        vectors[result.Keys[i]] = vector;
                }

                _index.Apply(result.Change, vectors);
                SaveSnapshotOnTheWay(writer);
                return result.Effects;
            },
            cancellationToken
        );

    public override Task<int> DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        WriteAsync(writer => Removed(writer.Delete(ids)), cancellationToken);

    public override Task<int> DeleteAsync(DocumentSelection selection, bool isDryRun, CancellationToken cancellationToken) =>
        isDryRun
            ? ReadAsync(reader => SelectedDocuments.Ids(reader.Connection, selection, cancellationToken).Count, cancellationToken)
            : WriteAsync(
                writer => Removed(writer.Delete(SelectedDocuments.Ids(writer.Connection, selection, cancellationToken))),
                cancellationToken
            );

    public override Task<MetadataUpdate> UpdateMetadataAsync(
        DocumentSelection selection,
        Func<StoredDocument, string> change,
        bool isDryRun,
        CancellationToken cancellationToken
    ) =>
        isDryRun
            ? ReadAsync(reader => reader.CountChanged(selection, change, cancellationToken), cancellationToken)
            : WriteAsync(
                writer =>
                {
                    (long number, MetadataUpdate update) = writer.UpdateMetadata(
                        SelectedDocuments.Ids(writer.Connection, selection, cancellationToken),
                        change,
                        cancellationToken
                    );
                    if (update.Updated > 0 && number == _index.Change + 1)
                        _index.Apply(number, new Dictionary<long, float[]>());
                    else if (update.Updated > 0)
                        Follow();
                    return update;
                },
                cancellationToken
            );

    /// <summary>Notes what a source was like when it was last read whole.</summary>
    public override Task SetSourceStateAsync(string source, string state, CancellationToken cancellationToken) =>
        WriteAsync(
            writer =>
            {
                writer.NoteSource(source, state);
                return true;
            },
            cancellationToken
        );

    private int Removed((long Change, List<long> Keys) deletion)
    {
        if (deletion.Keys.Count > 0 && deletion.Change == _index.Change + 1)
            _index.Apply(deletion.Change, deletion.Keys);
        else if (deletion.Keys.Count > 0)
            Follow();
        return deletion.Keys.Count;
    }

    /// <summary>Runs one write at a time, as the collection's one writer.</summary>
    internal async Task<T> WriteAsync<T>(Func<DocumentWriter, T> write, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Write(write, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    private T Write<T>(Func<DocumentWriter, T> write, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                DocumentWriter writer = Writer(cancellationToken);
                T result = write(writer);
                writer.Left = FileState.Get(_files.Documents);
                return result;
            }
            // Nothing was stored, and the write is meant for the collection that has this name now.
            catch (CollectionReplacedException) when (attempt < WriteAttempts) { }
            catch (SqliteException e)
            {
                throw StorageError.Translate(e, _files.Documents);
            }
            catch (InvalidDataException e)
            {
                throw StorageError.Damaged(_files.Documents, e.Message, e);
            }
        }
    }

    // From its first write on, an engine is the collection's one writer until it is disposed.
    private DocumentWriter Writer(CancellationToken cancellationToken)
    {
        FileState now = _files.State;
        // Checkpoints of other processes change the file too, so another state alone costs no more than a new connection.
        if (_lock is { IsHeld: false } || _writer is { IsInPlace: false })
        {
            StopWriting();
        }
        else if (_writer is not null && _writer.Left != now)
        {
            _writer.Dispose();
            _writer = null;
        }

        _lock ??= WriterLock.Take(_files);
        if (_writer is null)
        {
            RequireOwnLog(now);
            _writer = new(_files, _lock);
        }

        // Changes of the process that wrote before, or of a write of ours that was interrupted on its way to the graph.
        Follow(cancellationToken);
        return _writer;
    }

    /// <summary>Runs <paramref name="action"/> while nothing of this process writes or holds the right to write.</summary>
    public async Task WhileNotWritingAsync(Action action, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            StopWriting();
            while (_readers.TryTake(out DocumentReader? reader))
                reader.Dispose();
            await Task.Run(action, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    private void StopWriting()
    {
        _writer?.Dispose();
        _lock?.Dispose();
        (_writer, _lock) = (null, null);
    }

    // Held: _changing. Even while this is the one writer the collection may be moved to another model.
    private void Follow(CancellationToken cancellationToken = default) =>
        Read(reader =>
        {
            _index.CatchUp(reader, cancellationToken);
            return true;
        });

    private void SaveSnapshotOnTheWay(DocumentWriter writer)
    {
        if (_index.IsWorthSaving())
            _index.Save(writer);
    }

    // Saves while opening a collection whose graph is missing or far behind, so that a process that is stopped does not start from zero
    // next time.
    private void SaveWhileLoading(HnswIndex index, long change)
    {
        if (_files.IsReadOnly)
            return;
        try
        {
            using WriterLock? held = WriterLock.TryTake(_files);
            if (held is null)
                return;
            using DocumentWriter writer = new(_files, held);
            _index.Save(writer, index, change);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SextantException or SqliteException)
        {
            _logger.LogWarning(e, "Cannot write the snapshot {File}; the next start replays the changes that it lacks", _files.Index);
        }
    }

    private void SaveSnapshotAtEnd()
    {
        if (_index.Unsaved == 0 || (_index.Unsaved < WorthSaving && _index.Unsaved < _index.Count / 100) || _files.IsReadOnly)
            return;
        try
        {
            // A folder that was removed is not made again for it, and the snapshot of another collection stays what it is.
            if (FileState.Get(_files.Documents)?.Identity != _index.Source?.File)
                return;
            _lock ??= WriterLock.TryTake(_files);
            if (_lock is { IsHeld: true })
                _index.Save(_writer ??= new(_files, _lock));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SextantException or SqliteException)
        {
            // Nothing is lost with a snapshot: the next opening builds the graph from the documents.
            _logger.LogWarning(e, "Cannot write the snapshot {File}; the next start replays the changes that it lacks", _files.Index);
        }
    }
}
