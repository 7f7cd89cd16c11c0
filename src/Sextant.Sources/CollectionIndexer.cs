using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sextant.Embedding;
using Sextant.Search.Storage;
using Sextant.Tokenizers;

namespace Sextant.Sources;

/// <summary>
/// Synchronizes a collection with its sources: reads them, splits long texts into chunks, embeds and stores new and changed documents, and
/// removes documents that no longer exist.
/// </summary>
/// <remarks>
/// <para>
/// Reading, embedding and storing run in parallel over batches. Each batch is stored completely or not at all, so an interrupted run leaves
/// a usable collection, and the next run skips the documents that are already stored.
/// </para>
/// <para>
/// A source is identified by its resolved location, or by <see cref="CollectionIndexerOptions.SourceName"/>, not by the path as given:
/// files of the same name in two folders are two sources, and a file is the same source from any working directory.
/// </para>
/// <para>
/// A run removes documents that came from one of its sources, or from a file in one of its folders, and were not read again. Other
/// documents are unchanged, and nothing is removed when a run fails or is canceled.
/// </para>
/// </remarks>
/// <param name="engine">The collection.</param>
/// <param name="options">The defaults when <see langword="null"/>.</param>
public sealed class CollectionIndexer(SemanticSearchEngine engine, CollectionIndexerOptions? options = null)
{
    private const int RemoveBatch = 4096;

    private readonly CollectionIndexerOptions _options = options ?? new();

    /// <summary>Indexes <paramref name="sources"/>.</summary>
    /// <param name="sources">Files, folders, or "-" for the standard input.</param>
    /// <param name="progress">Receives a report after each batch.</param>
    /// <param name="cancellationToken">Cancels after the current batch is stored.</param>
    /// <exception cref="InputException">
    /// A source cannot be read, an id occurs twice, or an id belongs to another source; the message names the file and line.
    /// </exception>
    public async Task<IndexingResult> IndexAsync(
        IEnumerable<string> sources,
        IProgress<IndexingProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(sources);
        string[] given = [.. sources];
        SourceIdentities identities = new(engine.Store, given, SourceName(given));
        SourceIdentity? current = null;
        SourceReader reader = new(_options.Reader ?? new()) { IdPrefix = file => (current = identities.Identify(file)).Prefix };
        TextChunker? chunker = await ChunkerAsync(cancellationToken).ConfigureAwait(false);
        IndexingRun run = new(progress);
        DocumentClaims claims = new(engine.Store, identities, run);
        await identities.LearnAsync(cancellationToken).ConfigureAwait(false);
        engine.Store.BeginBulkWrite();

        // When one stage fails the others have nothing left to do.
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<IncomingDocument[]> read = IndexingStages.NewChannel(),
            embedded = IndexingStages.NewChannel();
        Task[] stages =
        [
            IndexingStages.RunAsync(
                token =>
                    ReadAsync(
                        reader.ReadAsync(given, token).Select(document => (document, current!)),
                        chunker,
                        read.Writer,
                        claims,
                        run,
                        token
                    ),
                read.Writer,
                stop
            ),
            IndexingStages.RunAsync(token => EmbedAsync(read.Reader, embedded.Writer, run, token), embedded.Writer, stop),
            IndexingStages.RunAsync(token => StoreAsync(embedded.Reader, run, token), null, stop),
        ];
        await IndexingStages.WaitAsync(stages, cancellationToken).ConfigureAwait(false);

        long removed = await RemoveVanishedAsync(identities.All, run, cancellationToken).ConfigureAwait(false);
        await engine.Store.EndBulkWriteAsync(cancellationToken).ConfigureAwait(false);
        long total = await engine.CountAsync(cancellationToken).ConfigureAwait(false);
        return new(run.Added, run.Updated, run.Skipped, removed, total, reader.SkippedRows)
        {
            Warnings = reader.Warnings.ToArray(),
            SkippedRows = reader.Skipped.ToArray(),
        };
    }

    /// <summary>The texts that indexing <paramref name="sources"/> with these options would embed, in their order.</summary>
    /// <param name="sources">Files and folders.</param>
    /// <param name="options">How they are read and taken apart.</param>
    /// <param name="counter">How the model counts tokens, where it does.</param>
    /// <param name="model">The model.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public static async IAsyncEnumerable<string> ReadTextsAsync(
        IEnumerable<string> sources,
        CollectionIndexerOptions options,
        ITokenCounter? counter,
        ModelProfile model,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(model);
        TextChunker? chunker = DocumentParts.Chunker(options, counter, model);
        SourceReader reader = new(options.Reader ?? new());
        await foreach (SourceDocument document in reader.ReadAsync([.. sources], cancellationToken).ConfigureAwait(false))
        {
            foreach ((_, string text) in DocumentParts.Split(document, chunker))
                yield return text;
        }
    }

    private string? SourceName(string[] sources)
    {
        if (_options.SourceName is not { } name)
            return null;
        string trimmed = Path.TrimEndingDirectorySeparator(name);
        if (string.IsNullOrWhiteSpace(trimmed) || trimmed == SourceReader.StandardInput || trimmed.Any(char.IsControl))
            throw new InputException($"'{name}' is not a valid name for a source; use letters or digits");
        return sources.Length == 1
            ? trimmed
            : throw new InputException(
                $"the source name '{name}' applies to one source, and {sources.Length} were given; index them one by one"
            );
    }

    private async Task<TextChunker?> ChunkerAsync(CancellationToken cancellationToken) =>
        _options.ChunkTokens == 0
            ? null
            : DocumentParts.Chunker(_options, await engine.GetTokenCounterAsync(cancellationToken).ConfigureAwait(false), engine.Model);

    private async Task ReadAsync(
        IAsyncEnumerable<(SourceDocument, SourceIdentity)> documents,
        TextChunker? chunker,
        ChannelWriter<IncomingDocument[]> to,
        DocumentClaims claims,
        IndexingRun run,
        CancellationToken cancellationToken
    )
    {
        List<ClaimedDocument> batch = new(_options.BatchSize);
        await foreach (
            (SourceDocument document, SourceIdentity source) in documents.WithCancellation(cancellationToken).ConfigureAwait(false)
        )
        {
            foreach ((string id, string text) in DocumentParts.Split(document, chunker))
            {
                IncomingDocument incoming = Prepare(
                    new(text)
                    {
                        Id = id,
                        Metadata = document.Metadata,
                        Source = source.Location,
                    },
                    document
                );
                batch.Add(new(incoming, document, source));
                if (batch.Count == _options.BatchSize)
                    await SendAsync().ConfigureAwait(false);
            }
        }

        if (batch.Count > 0)
            await SendAsync().ConfigureAwait(false);
        run.CountRead(0, all: true);

        async ValueTask SendAsync()
        {
            List<IncomingDocument> claimed = await claims.ClaimAsync(batch, cancellationToken).ConfigureAwait(false);
            batch.Clear();
            run.CountRead(claimed.Count, all: false);
            if (claimed.Count > 0)
                await to.WriteAsync([.. claimed], cancellationToken).ConfigureAwait(false);
        }
    }

    private IncomingDocument Prepare(Document document, SourceDocument from)
    {
        try
        {
            return engine.StagedWriter.Prepare(document);
        }
        catch (InputException e)
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{from.Source}:{from.Line}: {e.Message}"), e);
        }
    }

    private async Task EmbedAsync(
        ChannelReader<IncomingDocument[]> from,
        ChannelWriter<IncomingDocument[]> to,
        IndexingRun run,
        CancellationToken cancellationToken
    )
    {
        // As many batches are under way as the model takes requests at once; they are stored in their order.
        int atOnce = await engine.StagedWriter.GetConcurrencyAsync(cancellationToken).ConfigureAwait(false);
        Queue<Task<IncomingDocument[]>> underWay = new();
        try
        {
            await foreach (IncomingDocument[] batch in from.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                underWay.Enqueue(EmbedBatchAsync(batch));
                if (underWay.Count >= atOnce)
                    await PassOnAsync().ConfigureAwait(false);
            }

            while (underWay.Count > 0)
                await PassOnAsync().ConfigureAwait(false);
        }
        finally
        {
            // After a failure the others are let finish: they may be paid for, and what they bring is kept in the cache.
            await Task.WhenAll(underWay.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task<IncomingDocument[]> EmbedBatchAsync(IncomingDocument[] batch)
        {
            await engine.StagedWriter.EmbedAsync(batch, cancellationToken).ConfigureAwait(false);
            return batch;
        }

        async ValueTask PassOnAsync()
        {
            IncomingDocument[] batch = await underWay.Dequeue().ConfigureAwait(false);
            run.CountEmbedded(batch.Length);
            await to.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task StoreAsync(ChannelReader<IncomingDocument[]> from, IndexingRun run, CancellationToken cancellationToken)
    {
        await foreach (IncomingDocument[] batch in from.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            run.CountStored(await engine.StagedWriter.WriteAsync(batch, cancellationToken).ConfigureAwait(false));
    }

    private async Task<long> RemoveVanishedAsync(IReadOnlyList<string> locations, IndexingRun run, CancellationToken cancellationToken)
    {
        // What the standard input held before cannot be known, unless it has a name.
        List<string> vanished = [];
        foreach (string location in locations)
        {
            vanished.AddRange(
                await engine.Store.FindIdsBySourceAsync(location, (id, _) => !run.HasRead(id), cancellationToken).ConfigureAwait(false)
            );
        }

        long removed = 0;
        foreach (string[] batch in vanished.Distinct(StringComparer.Ordinal).Chunk(RemoveBatch))
            removed += await engine.DeleteAsync(batch, cancellationToken).ConfigureAwait(false);
        return removed;
    }
}
