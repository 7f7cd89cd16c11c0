using Microsoft.Extensions.Hosting;

namespace Sextant;

/// <summary>Opens what a host will need while it starts.</summary>
internal sealed class OpenAtStart(SextantCollections collections) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => collections.PrepareAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
