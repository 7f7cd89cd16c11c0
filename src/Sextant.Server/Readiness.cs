using Microsoft.Extensions.Hosting;
using Sextant.Server.Collections;
using Sextant.Server.Models;

namespace Sextant.Server;

/// <summary>Reports whether the service can answer requests, for load balancers and orchestrators.</summary>
internal sealed class Readiness(
    ServedModels models,
    ServedRerankers rerankers,
    CollectionSet collections,
    IHostApplicationLifetime lifetime
)
{
    /// <summary>The warm-up of the process, if there is one.</summary>
    public Task WarmUp { get; set; } = Task.CompletedTask;

    /// <summary>What keeps the service from its work, without names of this machine; <see langword="null"/> when nothing does.</summary>
    public async Task<string?> ProblemAsync(CancellationToken cancellationToken) =>
        lifetime.ApplicationStopping.IsCancellationRequested ? "the service is stopping"
        : !WarmUp.IsCompleted ? "the service is warming up"
        : await LastingProblemAsync(cancellationToken);

    /// <summary>The same for a service that keeps running, which answers requests while it warms up.</summary>
    public async Task<string?> LastingProblemAsync(CancellationToken cancellationToken)
    {
        IEnumerable<(string Name, Func<Task> Open)> all = models
            .Names.Select(name => (name, (Func<Task>)(() => models.GetAsync(name, cancellationToken))))
            .Concat(rerankers.Own.Select(name => (name, (Func<Task>)(() => rerankers.GetAsync(name, cancellationToken)))));
        foreach ((string name, Func<Task> open) in all)
        {
            try
            {
                await open();
            }
            catch (SextantException)
            {
                return $"the model {name} cannot be opened";
            }
        }

        return await collections.Root.ProblemAsync(cancellationToken);
    }
}
