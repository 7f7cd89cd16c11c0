using System.Threading.Channels;
using Sextant.Search.Storage;

namespace Sextant.Sources;

/// <summary>Stages of indexing that run concurrently and stop together.</summary>
internal static class IndexingStages
{
    private const int BatchesAhead = 2;

    /// <summary>A connection between two stages: the first is at most two batches ahead.</summary>
    public static Channel<IncomingDocument[]> NewChannel() =>
        Channel.CreateBounded<IncomingDocument[]>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });

    /// <summary>Runs a stage, which completes its output when it ends; when it fails, the others stop.</summary>
    public static async Task RunAsync(
        Func<CancellationToken, Task> stage,
        ChannelWriter<IncomingDocument[]>? output,
        CancellationTokenSource stop
    )
    {
        try
        {
            await Task.Run(() => stage(stop.Token), stop.Token).ConfigureAwait(false);
            output?.Complete();
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits for all stages; of several failures, throws the one that stopped the others.</summary>
    public static async Task WaitAsync(Task[] stages, CancellationToken cancellationToken)
    {
        Task all = Task.WhenAll(stages);
        try
        {
            await all.ConfigureAwait(false);
        }
        catch
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (Task stage in stages)
            {
                if (stage.IsFaulted)
                    await stage.ConfigureAwait(false);
            }

            throw;
        }
    }
}
