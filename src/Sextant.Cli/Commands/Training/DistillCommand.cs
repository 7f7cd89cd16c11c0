using System.CommandLine;
using Microsoft.Extensions.AI;
using Sextant.Cli.Commands.Evaluation;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Evaluation.Data;
using Sextant.Sources;
using Sextant.Tokenizers;
using Sextant.Training.Distillation;

namespace Sextant.Cli.Commands.Training;

/// <summary><c>sextant distill</c>: any embedding model into a static one.</summary>
internal static class DistillCommand
{
    public static Command Create(Shell shell)
    {
        DistillSyntax syntax = new();
        Verb command = syntax.CreateVerb();
        command.SetAction(
            (parsed, cancellationToken) =>
                ProgressLine.RunAsync(
                    shell,
                    "distilling",
                    line => RunAsync(syntax.Read(parsed), shell, new DistillReport(shell, line), cancellationToken)
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(DistillRequest request, Shell shell, DistillReport report, CancellationToken cancellationToken)
    {
        EmbeddingPipelineOptions pipeline = request.Pipeline with { Overflow = OverflowPolicy.Truncate };
        if (request.MaxCost is { } most && request.Corpus.Length > 0)
        {
            PaidRun.Require(
                await PaidRun.EstimateAsync(request.Teacher, pipeline, request.Corpus, request.Indexing, cancellationToken),
                most
            );
        }

        using IEmbeddingGenerator<string, Embedding<float>> teacher = await ChosenModel.Registry.OpenAsync(
            request.Teacher,
            pipeline,
            cancellationToken
        );
        // Resolved before the long work, so that a misspelled task costs nothing.
        TaskSource[] measured =
            request.Tasks.Length == 0 ? [] : await EvaluateCommand.SourcesAsync(request.Tasks, [], request.DataFolder, cancellationToken);
        List<string> texts = await ReadTextsAsync(request, teacher, cancellationToken);
        string untrained = Path.Combine(request.Output, "untrained");
        DistillationReport result = await StaticDistiller.DistillAsync(
            teacher,
            texts,
            request.Output,
            request.Settings with
            {
                UntrainedDirectory = measured.Length > 0 ? untrained : null,
            },
            request.Run with
            {
                Progress = report,
                EmbeddingProgress = report,
                DistillationProgress = report,
                Log = shell.Detail,
            },
            cancellationToken
        );
        report.Finish(request.Output, result);
        if (measured.Length > 0)
        {
            await report.MeasureAsync(request.Teacher, request.Output, untrained, measured, request.Pipeline, cancellationToken);
            Directory.Delete(untrained, recursive: true);
        }

        return ExitCode.Done;
    }

    private static async Task<List<string>> ReadTextsAsync(
        DistillRequest request,
        IEmbeddingGenerator<string, Embedding<float>> teacher,
        CancellationToken cancellationToken
    )
    {
        ModelProfile profile =
            teacher.GetService<ModelProfile>() ?? throw new InputException($"{request.Teacher} does not report its name and dimensions");
        List<string> texts = await CollectionIndexer
            .ReadTextsAsync(request.Corpus, request.Indexing, teacher.GetService<ITokenCounter>(), profile, cancellationToken)
            .ToListAsync(cancellationToken);
        return request.Corpus.Length > 0 && texts.Count == 0
            ? throw new InputException($"{string.Join(", ", request.Corpus)}: no texts to train on")
            : texts;
    }
}
