using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sextant.Files;

namespace Sextant.Embedding;

/// <summary>
/// Caches vectors on disk (<c>embeddings.db</c>, SQLite), so that no text is embedded or paid for twice. Keyed by the model's fingerprint,
/// the role and the exact text. Thread-safe, and several processes may share one cache. A cache problem never fails an embedding run. A
/// damaged file is moved aside and recreated, a read-only file is left unchanged; both are logged once.
/// </summary>
public sealed class EmbeddingCache : IEmbeddingCache
{
    /// <summary>The default maximum size of a cache: 1 GiB.</summary>
    public const long DefaultMaxBytes = 1L << 30;

    private const int SqliteCorrupt = 11,
        SqliteNotADatabase = 26;

    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private CacheDatabase? _database;
    private FileIdentity? _file;
    private bool _unusable,
        _disposed;
    private long _writtenSinceCheck;

    /// <summary>Creates a cache; its file is opened, or created, on first use.</summary>
    /// <param name="directory">Its folder; <see cref="SextantPaths.CacheDirectory"/> when <see langword="null"/>.</param>
    /// <param name="maxBytes">The maximum size; beyond it, the least recently used vectors are dropped.</param>
    /// <param name="loggerFactory">Creates the logger for warnings about the cache.</param>
    /// <param name="timeProvider">Dates the use of vectors; the system clock when <see langword="null"/>.</param>
    public EmbeddingCache(
        string? directory = null,
        long maxBytes = DefaultMaxBytes,
        ILoggerFactory? loggerFactory = null,
        TimeProvider? timeProvider = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        Path = System.IO.Path.Combine(System.IO.Path.GetFullPath(directory ?? SextantPaths.CacheDirectory), "embeddings.db");
        MaxBytes = maxBytes;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Sextant.Embedding");
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <summary>The cache's file.</summary>
    public string Path { get; }

    /// <summary>The maximum size; beyond it, the least recently used vectors are dropped.</summary>
    public long MaxBytes { get; }

    /// <summary>
    /// How long to wait for another process that is writing. Writes take milliseconds; after the timeout the caller computes the vector.
    /// </summary>
    internal int BusySeconds { get; init; } = 5;

    /// <summary>Counts the cached vectors.</summary>
    /// <exception cref="SextantException">The file cannot be read.</exception>
    public EmbeddingCacheStatistics GetStatistics() =>
        Require(database => new EmbeddingCacheStatistics(Path, database.Count(), database.UsedBytes(), MaxBytes, database.CountByModel()));

    /// <summary>Drops the longest unused vectors until at most <paramref name="maxBytes"/> are taken.</summary>
    /// <param name="maxBytes"><see cref="MaxBytes"/> when <see langword="null"/>.</param>
    /// <returns>How many vectors went.</returns>
    /// <exception cref="SextantException">The file cannot be written.</exception>
    public long Prune(long? maxBytes = null) => Require(database => database.Prune(maxBytes ?? MaxBytes));

    /// <summary>Drops every vector.</summary>
    /// <returns>How many went.</returns>
    /// <exception cref="SextantException">The file cannot be written.</exception>
    public long Clear() =>
        Require(static database =>
        {
            long count = database.Count();
            database.Execute("delete from entries");
            database.Execute("pragma incremental_vacuum");
            return count;
        });

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _database?.Dispose();
            _database = null;
        }
    }

    /// <summary>Makes the file behave as on a disk that is full at so many pages.</summary>
    internal void LimitPages(int pages) =>
        Require(database =>
        {
            database.Execute($"pragma max_page_count = {pages}");
            return pages;
        });

    /// <inheritdoc />
    public float[]?[] Read(ReadOnlySpan<CacheKey> keys)
    {
        float[]?[] vectors = new float[]?[keys.Length];
        CacheKey[] copy = keys.ToArray();
        Attempt(database => database.Read(copy, vectors));
        return vectors;
    }

    /// <inheritdoc />
    public void Write(string fingerprint, IReadOnlyList<KeyValuePair<CacheKey, ReadOnlyMemory<float>>> entries)
    {
        Attempt(database =>
        {
            database.Write(fingerprint, entries);
            _writtenSinceCheck += entries.Sum(static entry => entry.Value.Length * (long)sizeof(float));
            // The size is looked at now and then; pruning goes below the cap, so that it need not come with every write.
            if (_writtenSinceCheck >= MaxBytes / 32)
            {
                _writtenSinceCheck = 0;
                if (database.UsedBytes() > MaxBytes)
                {
                    database.Prune(MaxBytes - (MaxBytes / 8));
                }
            }
        });
    }

    /// <summary>Runs a cache step of an embedding run; a problem with the file never fails the run.</summary>
    private void Attempt(Action<CacheDatabase> step)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                if (!_unusable)
                {
                    step(Open());
                }
            }
            catch (SqliteException e) when (IsDamage(e))
            {
                Recover(e);
            }
            catch (Exception e) when (IsTrouble(e))
            {
                // A full disk may have room for reading still, a busy file may be free next time; a file that never opened will not open.
                _unusable = _database is null;
                Say("The embedding cache {Path} cannot be used: {Reason}; continuing without it", e.Message);
            }
        }
    }

    /// <summary>Runs what the user asked of the cache itself: here trouble is an error.</summary>
    private T Require<T>(Func<CacheDatabase, T> step)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                return step(Open());
            }
            catch (SqliteException e) when (IsDamage(e))
            {
                Recover(e);
                throw new SextantException($"{Path} was damaged; it was renamed, and a new cache was created", e);
            }
            catch (Exception e) when (IsTrouble(e))
            {
                throw new SextantException($"{Path}: {e.Message}", e);
            }
        }
    }

    private CacheDatabase Open()
    {
        // Another process may have removed or replaced the cache; writes to the old file would be lost.
        if (_database is not null && FileState.Get(Path)?.Identity != _file)
        {
            _database.Dispose();
            _database = null;
        }

        if (_database is null)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            _database = new CacheDatabase(Path, _time, BusySeconds);
            _file = FileState.Get(Path)?.Identity;
        }

        return _database;
    }

    /// <summary>
    /// Moves a damaged file aside, under a lock that only one process can hold; a later process finds an intact file and leaves it
    /// unchanged.
    /// </summary>
    private void Recover(SqliteException cause)
    {
        _database?.Dispose();
        _database = null;
        try
        {
            using var guard = new FileStream(Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (!IsSound())
            {
                foreach (string suffix in new[] { "", "-wal", "-shm" })
                {
                    if (File.Exists(Path + suffix))
                    {
                        File.Move(Path + suffix, Path + ".damaged" + suffix, overwrite: true);
                    }
                }

                Say("The embedding cache {Path} was damaged ({Reason}); it was renamed, and a new cache was created", cause.Message);
            }
        }
        catch (Exception e) when (IsTrouble(e))
        {
            // Another process is at it, or the folder cannot be written: do without for now.
            _unusable = true;
            Say("The embedding cache {Path} is damaged and cannot be renamed: {Reason}; continuing without it", e.Message);
        }
    }

    private bool IsSound()
    {
        try
        {
            using var database = new CacheDatabase(Path, _time, BusySeconds);
            return database.IsSound();
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            return false;
        }
    }

    private void Say(string message, string reason)
    {
        if (_said.Add(message))
        {
#pragma warning disable CA2254 // The templates are the constants of this file.
            _logger.LogWarning(message, Path, reason);
#pragma warning restore CA2254
        }
    }

    private static bool IsDamage(SqliteException e) => e.SqliteErrorCode is SqliteCorrupt or SqliteNotADatabase;

    private static bool IsTrouble(Exception e) => e is SqliteException or IOException or UnauthorizedAccessException or SextantException;
}
