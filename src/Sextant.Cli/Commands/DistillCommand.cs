using System.CommandLine;
using Microsoft.Extensions.AI;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Sources;
using Sextant.Tokenizers;
using Sextant.Training.Distillation;
using Sextant.Training.Runs;

namespace Sextant.Cli.Commands;

/// <summary><c>sextant distill</c>: any embedding model into a static one.</summary>
internal static class DistillCommand
{
    public static Command Create(Shell shell)
    {
        var teacher = new Argument<string>("TEACHER") { Description = "The model to learn from: a name, a folder, or a hosted model" };
        var corpus = new Argument<string[]>("CORPUS")
        {
            Description = "Files and folders with texts of your domain; without any, the teacher's token vectors are kept untrained",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var output = new Option<string>("--output", "-o") { Description = "The new model's folder", HelpName = "DIR", Required = true };
        Option<string?> text = SourceFields.Text();
        Option<int> chunk = NumberOption.Whole("--chunk", "Cut long texts into parts of at most this many tokens", least: 8, 128);
        Option<float?> maxCost = PaidRun.MaxCost();
        Option<int> checkpoint = NumberOption.Whole("--checkpoint", "Steps between checkpoints; 0 for none", least: 0, new TrainingRunOptions().CheckpointSteps);
        var resume = new Option<bool>("--resume") { Description = "Continue from the checkpoint in the output folder" };
        var evaluate = new Option<string[]>("--evaluate")
        {
            Description = "A task to measure teacher and student on; may be given several times",
            HelpName = "TASK",
        };
        var data = new Option<string?>("--data") { Description = "Where the data sets of named tasks are [default: $SEXTANT_DATA]", HelpName = "DIR" };
        var settings = new DistillOptions();
        var command = new Verb("distill", "Turn any embedding model into a small static one that needs no transformer.")
        {
            Arguments = { teacher, corpus },
            Options = { output, text, chunk, maxCost, evaluate, data, checkpoint, resume },
            Examples =
            [
                ("sextant distill all-MiniLM-L6-v2 docs/ -o docs-model", "learns from a transformer on your own documents"),
                ("sextant distill openai:text-embedding-3-small tickets.jsonl --max-cost 2 -o tickets-model", "learns from a hosted model, for at most 2 dollars"),
                ("sextant search docs/ \"a question\" --model ./docs-model", "uses it"),
            ],
        };
        settings.AddTo(command);
        command.SetAction((parsed, cancellationToken) => ProgressLine.RunAsync(shell, "distilling", async line =>
        {
            if (parsed.GetValue(CommonOptions.Model) is not null)
                throw new InputException("the teacher is the first argument: leave --model out");
            string name = parsed.GetRequiredValue(teacher), folder = parsed.GetRequiredValue(output);
            string[] sources = parsed.GetValue(corpus) ?? [];
            string[] tasks = parsed.GetValue(evaluate) ?? [];
            DistillationOptions options = settings.Read(parsed, name);
            var indexing = new CollectionIndexerOptions
            {
                Reader = new SourceReaderOptions { TextField = parsed.GetValue(text) },
                ChunkTokens = parsed.GetValue(chunk),
            };
            EmbeddingPipelineOptions pipeline = ChosenModel.Pipeline(parsed) with { Dimensions = null, Overflow = Overflow.Truncate };
            if (parsed.GetValue(maxCost) is { } most && sources.Length > 0)
                PaidRun.Require(await PaidRun.EstimateAsync(name, pipeline, sources, indexing, cancellationToken), most);
            using IEmbeddingGenerator<string, Embedding<float>> model = await ChosenModel.Registry.OpenAsync(name, pipeline, cancellationToken);
            // Found before the long work, so that a misspelt task costs nothing.
            Evaluation.Data.TaskSource[] measured = tasks.Length == 0
                ? []
                : await EvaluateCommand.SourcesAsync(tasks, [], parsed.GetValue(data) ?? Environment.GetEnvironmentVariable("SEXTANT_DATA"), cancellationToken);
            List<string> texts = await CollectionIndexer.ReadTextsAsync(
                sources, indexing, model.GetService<ITokenCounter>(), model.GetService<ModelProfile>() ?? throw new InputException($"{name} does not say what it is"),
                cancellationToken).ToListAsync(cancellationToken);
            if (sources.Length > 0 && texts.Count == 0)
                throw new InputException($"{string.Join(", ", sources)}: no text to learn from");
            string untrained = Path.Combine(folder, "untrained");
            var report = new DistillReport(shell, line);
            DistillationReport result = await StaticDistiller.DistillAsync(
                model, texts, folder, options with { UntrainedDirectory = measured.Length > 0 ? untrained : null },
                new TrainingRunOptions
                {
                    Resume = parsed.GetValue(resume),
                    CheckpointSteps = parsed.GetValue(checkpoint),
                    Progress = report,
                    Embedded = report,
                    Distilled = report,
                    Log = shell.Detail,
                },
                cancellationToken);
            report.Finish(folder, result);
            if (measured.Length > 0)
            {
                await report.MeasureAsync(name, folder, untrained, measured, ChosenModel.Pipeline(parsed) with { Dimensions = null }, cancellationToken);
                Directory.Delete(untrained, recursive: true);
            }

            return ExitCode.Done;
        }));
        return command;
    }
}
