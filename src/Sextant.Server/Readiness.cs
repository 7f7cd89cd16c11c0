using Microsoft.Extensions.Hosting;
using Sextant.Server.Collections;
using Sextant.Server.Models;

namespace Sextant.Server;

/// <summary>Whether requests would be answered: asked by whoever sends traffic here.</summary>
internal sealed class Readiness(ServedModels models, CollectionSet collections, IHostApplicationLifetime lifetime)
{
    /// <summary>What keeps the service from its work, without names of this machine; <see langword="null"/> when nothing does.</summary>
    public async Task<string?> ProblemAsync(CancellationToken cancellationToken)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return "the service is stopping";
        foreach (string name in models.Names)
        {
            try
            {
                await models.GetAsync(name, cancellationToken);
            }
            catch (SextantException)
            {
                return $"the model {name} cannot be opened";
            }
        }

        return await collections.Root.ProblemAsync(cancellationToken);
    }
}
