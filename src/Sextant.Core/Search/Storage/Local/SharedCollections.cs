using Microsoft.Extensions.Logging;
using Sextant.Files;

namespace Sextant.Search.Storage.Local;

/// <summary>
/// The folders that are open in this process. All engines of one folder use one <see cref="LocalCollection"/>, so that its graph is in
/// memory once and any of them can write; the last one that is disposed closes it. Read-only engines share with one another only, because
/// nothing of what a writing engine holds may be created for them.
/// </summary>
internal static class SharedCollections
{
    private static readonly Lock Gate = new();
    private static readonly List<Entry> Entries = [];

    /// <summary>Opens the collection, or returns the one that is open.</summary>
    public static async Task<LocalCollection> OpenAsync(
        CollectionFiles files,
        Manifest manifest,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Entry entry;
            bool isFirst;
            lock (Gate)
            {
                Entry? found = Entries.Find(open => IsSame(open.Files, files, files.IsReadOnlyRequested));
                isFirst = found is null;
                entry = found ?? new(files);
                if (isFirst)
                    Entries.Add(entry);
                if (!entry.IsClosing)
                    entry.Handles++;
            }

            if (isFirst)
                return await OpenFirstAsync(entry, manifest, logger, cancellationToken).ConfigureAwait(false);
            if (entry.IsClosing)
            {
                await entry.Closed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            try
            {
                LocalCollection opened = await entry.Opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
                // The files may have been replaced since, by those of another model.
                await opened.RefreshAsync(cancellationToken).ConfigureAwait(false);
                return opened;
            }
            catch (Exception) when (!entry.Opened.Task.IsFaulted)
            {
                await ReleaseAsync(entry).ConfigureAwait(false);
                throw;
            }
            catch (Exception) when (entry.Opened.Task.IsFaulted)
            {
                // The engine that was opening it failed or was canceled; this one tries for itself.
            }
        }
    }

    /// <summary>Closes the collection if this was its last engine.</summary>
    public static async ValueTask ReleaseAsync(LocalCollection collection)
    {
        Entry? entry;
        lock (Gate)
            entry = Entries.Find(open => open.Opened.Task is { IsCompletedSuccessfully: true, Result: var opened } && opened == collection);
        if (entry is null)
            await collection.CloseAsync().ConfigureAwait(false);
        else
            await ReleaseAsync(entry).ConfigureAwait(false);
    }

    /// <summary>The collection of these files that engines of this process can write to; <see langword="null"/> if none is open.</summary>
    public static LocalCollection? FindWritable(CollectionFiles files)
    {
        lock (Gate)
        {
            return
                Entries.Find(open => IsSame(open.Files, files, isReadOnly: false))
                    is { Opened.Task: { IsCompletedSuccessfully: true, Result: var opened } }
                ? opened
                : null;
        }
    }

    private static async Task<LocalCollection> OpenFirstAsync(
        Entry entry,
        Manifest manifest,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        try
        {
            LocalCollection opened = await LocalCollection
                .OpenAsync(entry.Files, manifest, logger, cancellationToken)
                .ConfigureAwait(false);
            entry.Opened.SetResult(opened);
            return opened;
        }
        catch (Exception e)
        {
            Remove(entry);
            entry.Opened.SetException(e);
            // There may be no other engine that waits for it.
            _ = entry.Opened.Task.Exception;
            throw;
        }
    }

    private static async ValueTask ReleaseAsync(Entry entry)
    {
        lock (Gate)
        {
            if (--entry.Handles > 0)
                return;
            entry.IsClosing = true;
        }

        try
        {
            // An opening that failed has closed everything itself.
            await ((Task)entry.Opened.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (entry.Opened.Task is { IsCompletedSuccessfully: true, Result: var opened })
                await opened.CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            Remove(entry);
            entry.Closed.SetResult();
        }
    }

    private static void Remove(Entry entry)
    {
        lock (Gate)
            Entries.Remove(entry);
    }

    // A folder may be reached by several paths. Where the system does not number its files, the paths themselves decide.
    private static bool IsSame(CollectionFiles one, CollectionFiles other, bool isReadOnly) =>
        one.IsReadOnlyRequested == isReadOnly
        && (
            string.Equals(
                one.Folder,
                other.Folder,
                OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal
            )
            || (
                FileState.Get(one.Documents) is { Identity: { Number: not 0 } identity }
                && FileState.Get(other.Documents) is { } state
                && state.Identity == identity
            )
        );

    private sealed class Entry(CollectionFiles files)
    {
        public CollectionFiles Files => files;

        public TaskCompletionSource<LocalCollection> Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Handles { get; set; }

        public bool IsClosing { get; set; }
    }
}
