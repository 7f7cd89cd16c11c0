using System.Globalization;
using System.Runtime.InteropServices;
using Sextant.Index;
using Sextant.Index.Interchange;
using Sextant.Numerics;
using Sextant.Search;
using Sextant.Search.Storage;

namespace Sextant.Sources.Transfer;

/// <summary>Writes a collection for other programs.</summary>
public static class CollectionExport
{
    private const int FvecsHead = 4;

    /// <summary>Writes all documents of <paramref name="engine"/> to <paramref name="file"/>, completely or not at all.</summary>
    /// <param name="engine">
    /// The collection. During the export of a graph, writes to it wait; otherwise concurrently added or deleted documents may or may not be
    /// included.
    /// </param>
    /// <param name="file">An existing file is replaced once the new one is complete.</param>
    /// <param name="options">The defaults when <see langword="null"/>.</param>
    /// <param name="progress">Receives the number of documents written.</param>
    /// <param name="cancellationToken">Cancels, and leaves an existing file unchanged.</param>
    /// <exception cref="InputException">The format cannot be derived from the file name, or the collection is empty.</exception>
    public static async Task<ExportResult> RunAsync(
        SemanticSearchEngine engine,
        string file,
        CollectionExportOptions? options = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(file);
        options ??= new();
        InterchangeFormat format = options.Format ?? InterchangeFormats.OfPath(file);
        if (await engine.CountAsync(cancellationToken).ConfigureAwait(false) == 0)
            throw new InputException($"{engine.Location} is empty, so there is nothing to export");
        if (options.TextsFile is null)
            return await WriteAsync(engine, file, format, options.Metric, progress, texts: null, cancellationToken).ConfigureAwait(false);
        ExportResult? result = null;
        await AtomicFile
            .WriteAsync(
                options.TextsFile,
                async texts =>
                    result = await WriteAsync(engine, file, format, options.Metric, progress, texts, cancellationToken)
                        .ConfigureAwait(false)
            )
            .ConfigureAwait(false);
        return result! with { HasIds = true };
    }

    private static async Task<ExportResult> WriteAsync(
        SemanticSearchEngine engine,
        string file,
        InterchangeFormat format,
        SimilarityMetric metric,
        IProgress<long>? progress,
        Stream? texts,
        CancellationToken cancellationToken
    )
    {
        if (format == InterchangeFormat.Ivecs)
            return await NeighborRows.WriteAsync(engine, file, texts, progress, cancellationToken).ConfigureAwait(false);
        if (format == InterchangeFormat.Faiss)
            return await WriteGraphAsync(engine, file, metric, texts, cancellationToken).ConfigureAwait(false);
        int dimensions = engine.Model.Dimensions;
        long[]? ids = format == InterchangeFormat.FaissFlat ? await NumbersAsync(engine, cancellationToken).ConfigureAwait(false) : null;
        long count = 0;
        await AtomicFile
            .WriteAsync(
                file,
                async stream =>
                {
                    if (format == InterchangeFormat.Parquet)
                    {
                        await DocumentParquet.WriteAsync(stream, Documents(), cancellationToken).ConfigureAwait(false);
                        return;
                    }

                    Begin(stream);
                    await foreach (Document document in Documents().ConfigureAwait(false))
                    {
                        if (format == InterchangeFormat.JsonLines)
                            DocumentLines.Write(stream, document, withVector: true);
                        else
                            WriteRow(stream, RowOf(document), format == InterchangeFormat.Fvecs);
                    }

                    if (ids is not null && ids.Length != count)
                        throw new SextantException($"{engine.Location} changed during the export; export it again");
                    if (ids is not null)
                        FaissFile.WriteIds(stream, ids);
                    // The count is known only now, and the header has the same length for every count.
                    stream.Position = 0;
                    Begin(stream);
                }
            )
            .ConfigureAwait(false);
        return new(count, dimensions, format, ids is not null || !format.IsVectorsOnly());

        // FAISS has no cosine: with vectors of length 1, its metrics rank as the collection does.
        ReadOnlySpan<float> RowOf(Document document)
        {
            ReadOnlyMemory<float> vector = document.Vector!.Value;
            if (format != InterchangeFormat.FaissFlat || engine.Store.Manifest.Metric != SimilarityMetric.Cosine)
                return vector.Span;
            float[] unit = vector.ToArray();
            VectorMath.Normalize(unit);
            return unit;
        }

        void Begin(Stream stream)
        {
            if (format == InterchangeFormat.Npy)
                stream.Write(NpyFile.CreateHeader(count, dimensions));
            if (format == InterchangeFormat.FaissFlat)
                stream.Write(FaissFile.CreateFlatHeader(count, dimensions, metric, ids is not null));
        }

        async IAsyncEnumerable<Document> Documents()
        {
            await foreach (Document document in engine.ListAsync(cancellationToken).ConfigureAwait(false))
            {
                if (document.Vector!.Value.Length != dimensions)
                    throw ModelChangedException.WhileReading(engine.Location);
                if (texts is not null)
                    DocumentLines.Write(texts, document, withVector: false);
                yield return document;
                count++;
                progress?.Report(count);
            }
        }
    }

    private static Task<ExportResult> WriteGraphAsync(
        SemanticSearchEngine engine,
        string file,
        SimilarityMetric metric,
        Stream? texts,
        CancellationToken cancellationToken
    ) =>
        engine.Maintenance.ReadGraphAsync(
            read =>
            {
                HnswGraph graph = read.Graph;
                long[]? ids = Numbers([.. Enumerable.Range(0, graph.Count).Select(node => read.FindDocument(node)?.Id)]);
                for (int node = 0; texts is not null && node < graph.Count; node++)
                    DocumentLines.Write(texts, Known(read.FindDocument(node)), withVector: false);
                AtomicFile.Write(
                    file,
                    stream =>
                        FaissFile.WriteHnsw(
                            stream,
                            engine.Model.Dimensions,
                            read.Options with
                            {
                                Metric = metric,
                            },
                            read.EfSearch,
                            graph,
                            ids,
                            node =>
                            {
                                cancellationToken.ThrowIfCancellationRequested();
                                return read.FindVector(node) ?? throw Gone(engine);
                            }
                        )
                );
                return new ExportResult(graph.Count, engine.Model.Dimensions, InterchangeFormat.Faiss, ids is not null);

                Document Known(StoredDocument? stored) =>
                    stored is null
                        ? throw Gone(engine)
                        : new(stored.Text) { Id = stored.Id, Metadata = MetadataJson.Parse(stored.Metadata) };
            },
            cancellationToken
        );

    private static async Task<long[]?> NumbersAsync(SemanticSearchEngine engine, CancellationToken cancellationToken)
    {
        List<string?> names = [];
        await foreach (Document document in engine.ListAsync(cancellationToken).ConfigureAwait(false))
            names.Add(document.Id!);
        return Numbers(names);
    }

    /// <summary>The ids as numbers, when all are whole numbers in their plain form; FAISS has no others.</summary>
    private static long[]? Numbers(List<string?> names)
    {
        long[] ids = new long[names.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            if (
                !long.TryParse(names[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out ids[i])
                || ids[i].ToString(CultureInfo.InvariantCulture) != names[i]
            )
            {
                return null;
            }
        }

        return ids;
    }

    private static void WriteRow(Stream stream, ReadOnlySpan<float> row, bool withLength)
    {
        Span<byte> head = stackalloc byte[FvecsHead];
        BitConverter.TryWriteBytes(head, row.Length);
        if (withLength)
            stream.Write(head);
        stream.Write(MemoryMarshal.AsBytes(row));
    }

    private static SextantException Gone(SemanticSearchEngine engine) =>
        new($"{engine.Location}: its graph has a document that does not exist; verify the collection")
        {
            Remedies = [new Remedy(RemedyAction.VerifyCollection, engine.Location)],
        };
}
