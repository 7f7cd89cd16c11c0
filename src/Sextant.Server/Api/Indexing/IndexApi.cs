using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sextant.Server.Api.Documents;
using Sextant.Server.Collections;
using Sextant.Server.Http;
using Sextant.Server.Keys;
using Sextant.Sources;
using Sextant.Sources.Reading;

namespace Sextant.Server.Api.Indexing;

/// <summary>Files of every format that <c>sextant index</c> reads, by the same rules; a preview first, where one is wanted.</summary>
internal static class IndexApi
{
    private const string AnyBytes = "*/*";
    private const int BatchSize = 256;
    private const int Samples = 5;
    private const int LongestSample = 2000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/collections/{name}/index").WithTags("Documents");
        group
            .MapPost("", IndexAsync)
            .WithName("indexFile")
            .WithSummary("Reads, embeds and stores a file. The answer is JSON Lines: the progress, then the result.")
            .Accepts<Stream>(AnyBytes)
            .Produces<IndexReport>(200, DocumentBatch.JsonLines)
            .Writes();
        group
            .MapPost("/preview", PreviewAsync)
            .WithName("previewFile")
            .WithSummary("Reads a file, stores nothing, and says which columns are the text, the id and metadata.")
            .Accepts<Stream>(AnyBytes)
            .Writes();
    }

    private static SourceReaderOptions Reading(string? textField) =>
        new() { TextField = string.IsNullOrEmpty(textField) ? null : textField, SkipBad = true };

    private static async Task<Ok<IndexPreview>> PreviewAsync(
        string name,
        string? file,
        [FromQuery(Name = "text_field")] string? textField,
        HttpRequest request,
        CollectionSet collections,
        LocalPaths paths,
        CancellationToken cancellationToken
    )
    {
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken, KeyRights.Write);
        using SentFile sent = await SentFile.ReadAsync(request, file, cancellationToken);
        SourceReader reader = new(Reading(textField));
        ColumnTypes types = new();
        List<IndexSample> samples = [];
        long texts = 0;
        string? problem = null;
        try
        {
            await foreach (SourceDocument document in reader.ReadAsync([sent.Path], cancellationToken))
            {
                texts++;
                types.Add(document.Metadata);
                if (samples.Count < Samples)
                    samples.Add(new(paths.Remove(document.Id), Cut(document.Text), document.Metadata));
            }
        }
        catch (InputException e) when (reader.Columns is not null && e.RelatedOptions.Contains(nameof(SourceReaderOptions.TextField)))
        {
            problem = paths.Remove(e.Message);
        }

        return TypedResults.Ok(
            new IndexPreview(
                sent.Name,
                texts,
                samples,
                reader.SkippedRows,
                SkippedBody.Create(reader.Skipped),
                [.. reader.Warnings.Select(paths.Remove)]
            )
            {
                Columns = reader.Columns is { } columns ? Describe(columns, types) : null,
                Problem = problem,
            }
        );
    }

    private static IReadOnlyList<ColumnBody> Describe(SourceColumns columns, ColumnTypes types) =>
        [
            .. columns
                .Names.Union(types.Names, StringComparer.Ordinal)
                .Select(column =>
                    columns.Text.Contains(column) ? new ColumnBody(column, "text", null)
                    : column == columns.Id ? new(column, "id", null)
                    : new(column, "metadata", types[column])
                ),
        ];

    private static string Cut(string text)
    {
        if (text.Length <= LongestSample)
            return text;
        return text[..(char.IsHighSurrogate(text[LongestSample - 1]) ? LongestSample - 1 : LongestSample)] + "…";
    }

    private static async Task IndexAsync(
        string name,
        string? file,
        [FromQuery(Name = "text_field")] string? textField,
        HttpContext context,
        CollectionSet collections,
        LocalPaths paths,
        CancellationToken cancellationToken
    )
    {
        using CollectionLease lease = await collections.UseAsync(name, cancellationToken, KeyRights.Write);
        using SentFile sent = await SentFile.ReadAsync(context.Request, file, cancellationToken);
        // Named, so that the same file is the same source from any client.
        CollectionIndexer indexer = new(
            lease.Engine,
            new()
            {
                Reader = Reading(textField),
                SourceName = sent.Name,
                BatchSize = BatchSize,
            }
        );
        Channel<IndexingProgress> steps = Channel.CreateUnbounded<IndexingProgress>(new() { SingleReader = true });
        Task<IndexingResult> run = RunAsync();
        try
        {
            await foreach (IndexingProgress step in steps.Reader.ReadAllAsync(CancellationToken.None))
                await WriteAsync(context, new IndexStep(step.Read, step.Indexed, step.AllRead), cancellationToken);
            await WriteAsync(context, Report(await run, paths), cancellationToken);
        }
        catch (SextantException e) when (context.Response.HasStarted)
        {
            await WriteAsync(
                context,
                new ErrorBody(new(paths.Remove(e.Message), "invalid_request_error", null, null)),
                CancellationToken.None
            );
        }
        finally
        {
            // The file must stay until it is no longer read.
            await ((Task)run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lease.Collection.Changed();
        }

        async Task<IndexingResult> RunAsync()
        {
            try
            {
                return await indexer.IndexAsync([sent.Path], new Steps(steps.Writer), cancellationToken);
            }
            finally
            {
                steps.Writer.Complete();
            }
        }
    }

    private static IndexReport Report(IndexingResult result, LocalPaths paths) =>
        new(
            result.Added,
            result.Updated,
            result.Skipped,
            result.Removed,
            result.Total,
            result.BadRows,
            SkippedBody.Create(result.SkippedRows),
            [.. result.Warnings.Select(paths.Remove)]
        );

    private static async Task WriteAsync<T>(HttpContext context, T line, CancellationToken cancellationToken)
    {
        if (!context.Response.HasStarted)
            context.Response.ContentType = DocumentBatch.JsonLines;
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(line, ServerJson.Options), (byte)'\n'];
        await context.Response.Body.WriteAsync(bytes, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    /// <summary>Passes reports on in their order, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Steps(ChannelWriter<IndexingProgress> to) : IProgress<IndexingProgress>
    {
        public void Report(IndexingProgress value) => to.TryWrite(value);
    }
}
