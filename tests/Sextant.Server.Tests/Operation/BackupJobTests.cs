using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Sextant.Server.Backups;
using Sextant.Tests.Shared;

namespace Sextant.Server.Tests.Operation;

/// <summary>Scheduled backups, by a clock of the test.</summary>
public sealed class BackupJobTests : IDisposable
{
    private readonly TempFolder _backups = new();
    private readonly FakeTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _backups.Dispose();

    [Fact]
    public async Task Backups_are_made_once_a_day_and_the_newest_are_kept()
    {
        await using InProcessService service = await StartAsync();
        BackupJob job = Job(service, "daily keep 2");
        BackupFolder folder = new(_backups.Path);
        for (int day = 0; day < 4; day++)
        {
            await AddAsync(service, $"text of day {day}");
            await job.RunAsync(TestContext.Current.CancellationToken);
            await job.RunAsync(TestContext.Current.CancellationToken);
            Assert.Equal(Math.Min(day + 1, 2), folder.List("docs").Count);
            Assert.Equal(TimeSpan.Zero, await job.AgeAsync(TestContext.Current.CancellationToken));
            _time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal([4, 3], folder.List("docs").Select(static one => one.Time.Day));
        string restored = _backups.File("restored");
        await CollectionMaintenance.RestoreAsync(folder.List("docs")[0].File, restored, TestContext.Current.CancellationToken);
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(restored);
        Assert.Equal(4, await engine.CountAsync(TestContext.Current.CancellationToken));
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(_backups.Path, "docs")));
        Assert.Equal(0, job.Failures);
    }

    [Fact]
    public async Task Restart_repeats_no_backup()
    {
        await using (InProcessService service = await StartAsync())
        {
            await AddAsync(service, "a text");
            BackupJob first = Job(service, "hourly keep 9");
            await first.RunAsync(TestContext.Current.CancellationToken);
            BackupJob second = Job(service, "hourly keep 9");
            _time.Advance(TimeSpan.FromMinutes(59));
            await second.RunAsync(TestContext.Current.CancellationToken);
            Assert.Single(new BackupFolder(_backups.Path).List("docs"));
            _time.Advance(TimeSpan.FromMinutes(1));
            await second.RunAsync(TestContext.Current.CancellationToken);
            Assert.Equal(2, new BackupFolder(_backups.Path).List("docs").Count);
        }
    }

    [Fact]
    public async Task Failed_backup_keeps_the_older_ones_and_is_tried_again()
    {
        await using InProcessService service = await StartAsync();
        await AddAsync(service, "a text");
        BackupJob job = Job(service, "daily keep 1");
        await job.RunAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromDays(1));
        // A file where the folder for the unfinished backup belongs.
        string obstacle = new BackupFolder(_backups.Path).WorkOf("docs");
        await File.WriteAllTextAsync(obstacle, "", TestContext.Current.CancellationToken);
        await job.RunAsync(TestContext.Current.CancellationToken);
        await job.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal((1, 1), (job.Failures, job.Failing));
        Assert.Equal(1, Assert.Single(new BackupFolder(_backups.Path).List("docs")).Time.Day);
        File.Delete(obstacle);
        _time.Advance(TimeSpan.FromMinutes(15));
        await job.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, Assert.Single(new BackupFolder(_backups.Path).List("docs")).Time.Day);
        Assert.Equal(0, job.Failing);
    }

    [Fact]
    public async Task Restored_backup_answers_like_the_collection()
    {
        await using InProcessService service = await StartAsync();
        foreach (string text in (string[])["Refunds take a week.", "We open at nine.", "Parcels are sent by train."])
            await AddAsync(service, text);
        JsonNode query = new JsonObject { ["query"] = "money back", ["k"] = 3 };
        HttpResponseMessage response = await service.SendAsync(null, "POST", "/v1/collections/docs/search", query);
        JsonNode found = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        await Job(service, "daily keep 1").RunAsync(TestContext.Current.CancellationToken);

        string restored = _backups.File("restored");
        string file = Assert.Single(new BackupFolder(_backups.Path).List("docs")).File;
        await CollectionMaintenance.RestoreAsync(file, restored, TestContext.Current.CancellationToken);
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(restored);
        IReadOnlyList<SearchResult> again = await engine.SearchAsync(
            "money back",
            topK: 3,
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal(
            found["results"]!.AsArray().Select(static one => ((string)one!["id"]!, (string)one["text"]!)),
            again.Select(static one => (one.Id, one.Text))
        );
    }

    [Fact]
    public async Task Damaged_collection_replaces_no_backup()
    {
        await using InProcessService service = await StartAsync();
        await AddAsync(service, "a text");
        BackupJob job = Job(service, "daily keep 1");
        await job.RunAsync(TestContext.Current.CancellationToken);
        string database = Path.Combine(service.Folder, "docs", SemanticSearchEngine.DocumentsFileName);
        using (SqliteConnection connection = new($"Data Source={database};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand change = new("update documents set text = 'another text'", connection);
            change.ExecuteNonQuery();
        }

        _time.Advance(TimeSpan.FromDays(1));
        await job.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, job.Failing);
        Assert.Equal(1, Assert.Single(new BackupFolder(_backups.Path).List("docs")).Time.Day);
    }

    [Theory]
    [InlineData("", "in the folder of the collections")]
    [InlineData("/backups", "in the folder of the collections")]
    [InlineData("/a-file/backups", "cannot be used as the folder of backups")]
    public async Task Folder_that_is_wrong_stops_the_start(string folder, string message)
    {
        using TempFolder collections = new();
        await File.WriteAllTextAsync(_backups.File("a-file"), "", TestContext.Current.CancellationToken);
        string root = folder.Contains("a-file", StringComparison.Ordinal) ? _backups.Path : collections.Path;

        InputException error = await Assert.ThrowsAsync<InputException>(() =>
            InProcessService.StartAsync(options => options.Backup = $"daily keep 1 to {root}{folder}", folder: collections.Path)
        );

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(collections.Path, "backups"));
    }

    [Theory]
    [InlineData("daily")]
    [InlineData("daily keep 0 to x")]
    [InlineData("yearly keep 1 to x")]
    [InlineData("daily keep 99999999999 to x")]
    [InlineData("daily keep 7 to ")]
    public void Malformed_schedule_is_an_error_with_an_example(string schedule) =>
        Assert.Contains(
            "daily keep 7 to backups",
            Assert.Throws<InputException>(() => BackupSchedule.Parse(schedule)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Schedule_has_interval_count_and_folder()
    {
        BackupSchedule schedule = BackupSchedule.Parse(" weekly keep 4 to /a folder/b ");

        Assert.Equal((TimeSpan.FromDays(7), 4, Path.GetFullPath("/a folder/b")), (schedule.Every, schedule.Keep, schedule.Folder));
    }

    private Task<InProcessService> StartAsync() => InProcessService.StartAsync(time: _time);

    // Run by the test alone, so that the clock of the test starts no other backup.
    private BackupJob Job(InProcessService service, string schedule) =>
        ActivatorUtilities.CreateInstance<BackupJob>(
            service.Services,
            new ServerOptions { Collections = service.Folder, Backup = $"{schedule} to {_backups.Path}" }
        );

    private static async Task AddAsync(InProcessService service, string text)
    {
        (await service.SendAsync(null, "PUT", "/v1/collections/docs")).EnsureSuccessStatusCode();
        (
            await service.SendAsync(null, "POST", "/v1/collections/docs/documents", new JsonObject { ["text"] = text })
        ).EnsureSuccessStatusCode();
    }
}
