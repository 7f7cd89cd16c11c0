using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sextant.Search;
using Sextant.Server.Collections;
using Sextant.Server.Http;
using Sextant.Server.Keys;

namespace Sextant.Server.Backups;

/// <summary>
/// Backs up every collection on schedule. A backup gets its name after it was restored into a temporary folder and verified; only then
/// are old ones deleted. A collection is due by its own last backup, so restarts neither skip nor repeat backups.
/// </summary>
internal sealed class BackupJob : BackgroundService
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(15);

    private readonly CollectionSet _collections;
    private readonly Callers _callers;
    private readonly TimeProvider _time;
    private readonly ILogger<BackupJob> _logger;
    private readonly BackupSchedule? _schedule;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _failed = new(StringComparer.Ordinal);
    private long _failures;

    /// <exception cref="InputException">The schedule is malformed, or the collections are in a database.</exception>
    public BackupJob(ServerOptions options, CollectionSet collections, Callers callers, TimeProvider time, ILogger<BackupJob> logger)
    {
        (_collections, _callers, _time, _logger) = (collections, callers, time, logger);
        if (options.Backup is null)
            return;
        _schedule = BackupSchedule.Parse(options.Backup);
        if (collections.Root is not FolderRoot)
            throw new InputException("collections in a database are backed up with the database; remove the schedule for backups");
        RequireUsable(_schedule.Folder, Path.GetFullPath(options.Collections));
    }

    /// <summary>Whether backups are scheduled.</summary>
    public bool IsScheduled => _schedule is not null;

    /// <summary>How many backups have failed since the start.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>How many collections failed to be backed up the last time.</summary>
    public int Failing => _failed.Count;

    /// <summary>
    /// The age of the oldest of the newest backups; <see langword="null"/> if a collection has none, or none are scheduled.
    /// </summary>
    public async Task<TimeSpan?> AgeAsync(CancellationToken cancellationToken)
    {
        if (_schedule is null)
            return null;
        BackupFolder backups = new(_schedule.Folder);
        DateTimeOffset now = _time.GetUtcNow(),
            oldest = now;
        foreach (string name in await _collections.Root.NamesAsync(cancellationToken))
        {
            if (backups.List(name) is not [var newest, ..])
                return null;
            oldest = newest.Time < oldest ? newest.Time : oldest;
        }

        return now - oldest;
    }

    /// <summary>Backs up the collections that are due.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_schedule is null)
            return;
        _callers.Enter(Caller.Local);
        BackupFolder backups = new(_schedule.Folder);
        IReadOnlyList<string> names = await _collections.Root.NamesAsync(cancellationToken);
        foreach (string deleted in _failed.Keys.Except(names))
            _failed.TryRemove(deleted, out _);
        foreach (string name in names)
        {
            DateTimeOffset now = _time.GetUtcNow();
            if (backups.List(name) is [var last, ..] && now - last.Time < _schedule.Every)
                continue;
            if (_failed.TryGetValue(name, out DateTimeOffset failed) && now - failed < RetryAfter)
                continue;
            try
            {
                await BackUpAsync(name, backups, now, cancellationToken);
                _failed.TryRemove(name, out _);
            }
            catch (Exception e) when (e is SextantException or ServiceException or IOException or UnauthorizedAccessException)
            {
                _failed[name] = now;
                Interlocked.Increment(ref _failures);
                _logger.LogError("The backup of {Collection} failed, and older ones are kept: {Problem}", name, e.Message);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_schedule is null)
            return;
        try
        {
            while (true)
            {
                await RunAsync(stoppingToken);
                await Task.Delay(CheckEvery, _time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // An interrupted backup leaves no file.
        }
    }

    // A wrong folder stops the start, and is not found out on the day when a backup is needed.
    private static void RequireUsable(string folder, string collections)
    {
        if ((folder + Path.DirectorySeparatorChar).StartsWith(collections + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new InputException($"{folder} is in the folder of the collections; put backups somewhere else, best on another disk");
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.Write(Path.Combine(folder, ".writable"), static _ => { });
            File.Delete(Path.Combine(folder, ".writable"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder} cannot be used as the folder of backups: {e.Message}", e);
        }
    }

    private async Task BackUpAsync(string name, BackupFolder backups, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string work = backups.WorkOf(name);
        Clear();
        try
        {
            Directory.CreateDirectory(work);
            string file = Path.Combine(work, "backup"),
                restored = Path.Combine(work, "restored");
            using (CollectionLease lease = await _collections.UseAsync(name, cancellationToken))
                await lease.Engine.Maintenance.BackupAsync(file, cancellationToken);
            await CollectionMaintenance.RestoreAsync(file, restored, cancellationToken);
            CollectionVerification found = await CollectionMaintenance.VerifyAsync(restored, cancellationToken);
            if (!found.IsHealthy)
                throw new SextantException($"the backup is damaged: {found.Problems[0]}");
            string final = backups.FileOf(name, now);
            File.Move(file, final, overwrite: true);
            backups.Prune(name, _schedule!.Keep);
            _logger.LogInformation("Backed up {Collection}: {Documents} documents, verified, {File}", name, found.Documents, final);
        }
        finally
        {
            Clear();
        }

        void Clear()
        {
            if (Directory.Exists(work))
                Directory.Delete(work, recursive: true);
        }
    }
}
