namespace Sextant.Server.Tests;

/// <summary>A service shared by the tests of several classes; each uses its own collection.</summary>
public sealed class SharedService : IAsyncLifetime
{
    public ServiceProcess Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Service = await ServiceProcess.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["SEXTANT_MAX_BODY_BYTES"] = "1000000",
                ["SEXTANT_MAX_BATCH"] = "200",
                ["SEXTANT_REQUESTS_PER_SECOND"] = "0",
            }
        );

    public async ValueTask DisposeAsync() => await Service.DisposeAsync();
}
