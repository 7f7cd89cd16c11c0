using System.CommandLine;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Cli.Vectors;
using Sextant.Embedding;
using Sextant.Sources;

namespace Sextant.Cli.Commands.Embedding;

/// <summary><c>sextant embed</c>: texts to vectors, in input order.</summary>
internal static class EmbedCommand
{
    private const int BatchSize = 1024,
        MaxBatchSize = 1 << 14;

    public static Command Create(Shell shell)
    {
        EmbedSyntax syntax = new();
        Verb command = syntax.CreateVerb();
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, syntax.Read(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, EmbedRequest request, CancellationToken cancellationToken)
    {
        IAsyncEnumerable<string> source = ReadAsync(shell, request, cancellationToken);
        if (request.MaxCost is { } most)
        {
            // The texts may come from a pipe, which can be read only once.
            List<string> all = await source.ToListAsync(cancellationToken);
            source = all.ToAsyncEnumerable();
            PaidRun.Require(await PaidRun.EstimateAsync(request.Model, request.Pipeline, request.Role, source, cancellationToken), most);
        }
        using IEmbeddingGenerator<string, Embedding<float>> model = await ChosenModel.Registry.OpenAsync(
            request.Model,
            request.Pipeline,
            cancellationToken
        );
        using VectorSink sink = VectorSink.Open(VectorFormats.Choose(request.Format, request.Output), request.Output, shell.Out.Bytes);
        await ProgressLine.RunAsync(
            shell,
            "embedding",
            async progress =>
            {
                long done = 0;
                await foreach (string[] batch in source.Chunk(BatchSizeFor(model)).WithCancellation(cancellationToken))
                {
                    GeneratedEmbeddings<Embedding<float>> vectors = await model.GenerateAsync(
                        batch,
                        new EmbeddingGenerationOptions().WithRole(request.Role),
                        cancellationToken
                    );
                    for (int i = 0; i < batch.Length; i++)
                        await sink.WriteAsync(batch[i], vectors[i].Vector, cancellationToken);
                    progress.Report("embedding", done += batch.Length, total: null);
                }
                return done;
            }
        );
        await sink.CompleteAsync(cancellationToken);
        return ExitCode.Done;
    }

    /// <summary>As many texts as keep every request that may be under way at once full.</summary>
    private static int BatchSizeFor(IEmbeddingGenerator<string, Embedding<float>> model) =>
        model.GetService<EmbeddingLimits>() is { MaxConcurrency: > 1 } limits
            ? Math.Clamp(limits.MaxTexts * limits.MaxConcurrency, BatchSize, MaxBatchSize)
            : BatchSize;

    private static async IAsyncEnumerable<string> ReadAsync(
        Shell shell,
        EmbedRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (request.Texts.Length > 0 && request.Input is not null)
            throw new InputException("give either texts or --input, not both");
        foreach (string text in request.Texts)
            yield return text;
        if (request.Texts.Length > 0)
            yield break;

        var reader = new SourceReader(new SourceReaderOptions { TextField = request.TextField, PlainText = PlainTextUnit.EveryLine });
        await foreach (SourceDocument document in reader.ReadAsync([request.Input ?? "-"], cancellationToken))
            yield return document.Text;
        foreach (string notice in reader.Warnings)
            shell.Note($"note: {notice}");
    }
}
