using Sextant.Server.Backups;
using Sextant.Tests.Shared;

namespace Sextant.Server.Tests.Operation;

/// <summary>What interrupts a backup leaves nothing that looks like one.</summary>
public sealed class BackupFaultTests : IDisposable
{
    private const int Documents = 1500;
    private const int Kills = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_service_leaves_only_whole_backups_and_the_next_one_clears_the_rest()
    {
        await FillAsync();
        for (int kill = 0; kill < Kills; kill++)
        {
            BackupFolder backups = new(_folder.File($"backups-{kill % 2}"));
            await using (ServiceProcess service = await StartAsync(kill % 2))
            {
                await WaitAsync(() => Directory.Exists(backups.WorkOf("docs")) || backups.List("docs").Count > 0, service);
                await Task.Delay(kill * kill * 5, TestContext.Current.CancellationToken);
                service.Kill();
            }

            foreach ((_, string file) in backups.List("docs"))
            {
                Assert.Equal(Documents, await CountAsync(file, $"restored-{kill}"));
                File.Delete(file);
            }
        }

        BackupFolder last = new(_folder.File("backups-0"));
        await using (ServiceProcess service = await StartAsync(0))
        {
            await WaitAsync(() => last.List("docs").Count > 0 && !Directory.Exists(last.WorkOf("docs")), service);
            Assert.Contains("Backed up docs", service.Log, StringComparison.Ordinal);
        }

        Assert.Equal(Documents, await CountAsync(Assert.Single(last.List("docs")).File, "restored"));
    }

    [Fact]
    public async Task Full_disk_leaves_no_backup_and_one_line_in_the_log()
    {
        await FillAsync();
        BackupFolder backups = new(_folder.File("backups-0"));
        await using ServiceProcess service = await StartAsync(0, largestFileKilobytes: 700);
        await WaitAsync(() => service.Log.Contains("The backup of docs failed", StringComparison.Ordinal), service);

        Assert.Empty(backups.List("docs"));
        Assert.False(Directory.Exists(backups.WorkOf("docs")));
        string line = Assert.Single(
            service.Log.Split('\n'),
            static line => line.Contains("The backup of docs failed", StringComparison.Ordinal)
        );
        Assert.Contains("older ones are kept", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", service.Log, StringComparison.Ordinal);
        (await service.PostAsync("/v1/collections/docs/search", "{\"query\":\"text\"}")).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Wrong_schedule_ends_the_start_with_one_line()
    {
        InvalidOperationException ended = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ServiceProcess.StartAsync(_folder.Path, new Dictionary<string, string> { ["SEXTANT_BACKUP"] = "sometimes" })
        );

        Assert.StartsWith("exit code 2", ended.Message, StringComparison.Ordinal);
        Assert.Contains("write for example 'daily keep 7 to backups'", ended.Message, StringComparison.Ordinal);
        Assert.Single(ended.Message.Trim().Split('\n'));
    }

    private async Task FillAsync()
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync(_folder.Path);
        await service.CreateAsync("docs");
        await service.AddAsync(
            "docs",
            [.. Enumerable.Range(0, Documents).Select(i => (object)new { id = $"{i}", text = $"text {i} {new string('a', 500)}" })]
        );
        await service.StopAsync();
    }

    private Task<ServiceProcess> StartAsync(int backups, int? largestFileKilobytes = null) =>
        ServiceProcess.StartAsync(
            _folder.Path,
            new Dictionary<string, string> { ["SEXTANT_BACKUP"] = $"daily keep 2 to {_folder.File($"backups-{backups}")}" },
            largestFileKilobytes: largestFileKilobytes
        );

    private async Task<long> CountAsync(string backup, string name)
    {
        string restored = _folder.File(name);
        await CollectionMaintenance.RestoreAsync(backup, restored, TestContext.Current.CancellationToken);
        Assert.True((await CollectionMaintenance.VerifyAsync(restored, TestContext.Current.CancellationToken)).IsHealthy);
        await using SemanticSearchEngine engine = await SemanticSearchEngine.OpenAsync(restored);
        return await engine.CountAsync(TestContext.Current.CancellationToken);
    }

    private static async Task WaitAsync(Func<bool> condition, ServiceProcess service)
    {
        using CancellationTokenSource late = new(Patience);
        while (!condition())
        {
            Assert.False(service.HasExited, service.Log);
            Assert.False(late.IsCancellationRequested, service.Log);
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }
    }
}
