using System.Net;
using Microsoft.Extensions.Logging;
using Sextant.Models;

namespace Sextant.Server.Tests;

public sealed class WarmUpTests
{
    [Fact]
    public async Task Warm_up_searches_succeed_and_log_nothing()
    {
        Warnings log = new();
        Assert.True(
            await WarmUp.RunAsync(ModelRegistry.Default, TimeSpan.FromMilliseconds(200), log, TestContext.Current.CancellationToken) > 0
        );
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task Warm_up_failure_is_logged_and_not_thrown()
    {
        Warnings log = new();
        Assert.Equal(0, await WarmUp.RunAsync(new ModelRegistry([]), TimeSpan.FromSeconds(1), log, TestContext.Current.CancellationToken));
        Assert.StartsWith("Warm-up failed", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_is_not_ready_but_answers_while_it_warms_up_and_stops_at_once()
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync(
            settings: new Dictionary<string, string> { ["SEXTANT_WARM_UP_SECONDS"] = "3600" }
        );
        HttpResponseMessage ready = await service.Http.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("warming up", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await service.CreateAsync("docs");
        Assert.Equal(0, await service.StopAsync());
    }

    [Fact]
    public async Task Service_becomes_ready_after_its_warm_up()
    {
        await using ServiceProcess service = await ServiceProcess.StartAsync(
            settings: new Dictionary<string, string> { ["SEXTANT_WARM_UP_SECONDS"] = "0.1" }
        );
        while (!(await service.Http.GetAsync("/readyz")).IsSuccessStatusCode)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("warm", await service.Http.GetStringAsync("/v1/collections"), StringComparison.Ordinal);
    }

    private sealed class Warnings : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add(formatter(state, exception));
    }
}
