using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sextant.Server.Collections;
using Sextant.Server.Keys;

namespace Sextant.Server.Usage;

/// <summary>
/// Keeps the usage of keys across restarts, so that a restart resets no limit, and logs it every hour. A crash loses at most the last ten
/// seconds.
/// </summary>
internal sealed class UsageRecorder : BackgroundService
{
    /// <summary>The name of the file, next to the file of keys.</summary>
    public const string FileName = ".usage.json";

    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LogEvery = TimeSpan.FromHours(1);

    private readonly UsageLedger _ledger;
    private readonly ApiKeys _keys;
    private readonly TimeProvider _time;
    private readonly ILogger<UsageRecorder> _logger;
    private readonly string? _path;
    private HashSet<UsageEntry> _logged;
    private long _saved;

    /// <exception cref="InputException">The file of an earlier run cannot be read.</exception>
    public UsageRecorder(
        UsageLedger ledger,
        ApiKeys keys,
        ServerOptions options,
        CollectionRoot root,
        TimeProvider time,
        ILogger<UsageRecorder> logger
    )
    {
        (_ledger, _keys, _time, _logger) = (ledger, keys, time, logger);
        if (!options.ReadOnly && ApiKeys.FolderOf(options, root) is { } folder)
            _path = Path.Combine(folder, FileName);
        if (_path is not null && File.Exists(_path))
            ledger.Restore(Read(_path));
        _logged = [.. ledger.List()];
    }

    /// <summary>Saves and logs the usage when the service stops.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Save();
        Log();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(SaveEvery, _time);
        DateTimeOffset logged = _time.GetUtcNow();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Save();
                if (_time.GetUtcNow() - logged < LogEvery)
                    continue;
                Log();
                logged = _time.GetUtcNow();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The rest is saved when the service has stopped.
        }
    }

    private void Save()
    {
        long changes = _ledger.Changes;
        if (_path is null || changes == _saved || !_keys.Required)
            return;
        try
        {
            IReadOnlyList<UsageEntry> entries = _ledger.List();
            AtomicFile.Write(_path, stream => JsonSerializer.Serialize(stream, entries, ServerJson.Options));
            _saved = changes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.LogWarning("The usage of keys cannot be saved: {Problem}", e.Message);
        }
    }

    private void Log()
    {
        if (!_keys.Required)
            return;
        HashSet<UsageEntry> entries = [.. _ledger.List()];
        foreach (UsageEntry entry in entries.Where(entry => !_logged.Contains(entry)))
        {
            _logger.LogInformation(
                "{Key} used {Model} on {Day}: {Requests} requests, {Tokens} tokens, {Documents} documents, ${Usd}",
                entry.Key,
                entry.Model,
                entry.Day.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
                entry.Requests,
                entry.Tokens,
                entry.Documents,
                entry.Usd
            );
        }

        _logged = entries;
    }

    private static List<UsageEntry> Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<List<UsageEntry>>(stream, ServerJson.Options) ?? throw new JsonException("the file is empty");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the usage of keys cannot be read ({e.Message}); restore the file, or delete it", e);
        }
    }
}
