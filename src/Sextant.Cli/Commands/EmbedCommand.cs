using System.CommandLine;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Cli.Vectors;
using Sextant.Embedding;
using Sextant.Sources;

namespace Sextant.Cli.Commands;

/// <summary><c>sextant embed</c>: texts to vectors, in input order.</summary>
internal static class EmbedCommand
{
    private const int BatchSize = 1024, MaxBatchSize = 1 << 14;

    public static Command Create(Shell shell)
    {
        var texts = new Argument<string[]>("TEXT")
        {
            Description = "Texts to embed; without any, and without --input, one text a line is read from standard input",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var input = new Option<string?>("--input")
        {
            Description = "Read texts from a file or folder (.txt is one text a line; .jsonl, .csv … use --text); - is standard input",
            HelpName = "FILE",
        };
        Option<string?> field = SourceFields.Text();
        Option<string?> format = ChoiceOption.Create("--format", "How vectors are written [default: by -o's extension, else jsonl]", "jsonl", "csv", "npy", "parquet");
        var output = new Option<string?>("--output", "-o") { Description = "Write to this file, whole or not at all [default: standard output]", HelpName = "FILE" };
        var query = new Option<bool>("--query") { Description = "Embed as questions, not as documents (some models tell them apart)" };
        Option<Overflow?> overflow = PaidRun.LongTexts(Overflow.Error);
        Option<float?> maxCost = PaidRun.MaxCost();
        var command = new Verb("embed", "Turn texts into vectors, one for each text, in input order.")
        {
            Arguments = { texts },
            Options = { input, field, format, output, query, overflow, maxCost },
            Examples =
            [
                ("sextant embed \"hello world\"", "prints {\"text\",\"embedding\"} as JSON"),
                ("sextant embed --input notes.txt -o notes.npy", "one vector for each line, as a NumPy array"),
                ("cat questions.txt | sextant embed --query --dimensions 64 --format csv", "reads standard input, writes shorter vectors as CSV"),
            ],
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IAsyncEnumerable<string> source = Texts(shell, parsed.GetValue(texts) ?? [], parsed.GetValue(input), parsed.GetValue(field), cancellationToken);
            EmbeddingRole role = parsed.GetValue(query) ? EmbeddingRole.Query : EmbeddingRole.Document;
            Overflow longTexts = parsed.GetValue(overflow) ?? Overflow.Error;
            if (parsed.GetValue(maxCost) is { } most)
            {
                // The texts may come from a pipe, which can be read only once.
                List<string> all = await source.ToListAsync(cancellationToken);
                source = all.ToAsyncEnumerable();
                PaidRun.Require(await PaidRun.EstimateAsync(ChosenModel.Name(parsed),
                    ChosenModel.Pipeline(parsed) with { Overflow = longTexts }, role, source, cancellationToken), most);
            }
            using IEmbeddingGenerator<string, Embedding<float>> model = await ChosenModel.OpenAsync(parsed, longTexts, cancellationToken);
            int batchSize = BatchSizeFor(model);
            string? path = parsed.GetValue(output);
            VectorFormat chosen = VectorFormats.Choose(parsed.GetValue(format), path);
            using VectorSink sink = VectorSink.Open(chosen, path, shell.Out.Bytes);
            await ProgressLine.RunAsync(shell, "embedding", async progress =>
            {
                long done = 0;
                await foreach (string[] batch in source.Chunk(batchSize).WithCancellation(cancellationToken))
                {
                    GeneratedEmbeddings<Embedding<float>> vectors = await model.GenerateAsync(
                        batch, new EmbeddingGenerationOptions().WithRole(role), cancellationToken);
                    for (int i = 0; i < batch.Length; i++)
                        await sink.WriteAsync(batch[i], vectors[i].Vector, cancellationToken);
                    progress.Report("embedding", done += batch.Length, total: null);
                }
                return done;
            });
            await sink.CompleteAsync(cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>As many texts as keep every request that may be under way at once full.</summary>
    private static int BatchSizeFor(IEmbeddingGenerator<string, Embedding<float>> model) =>
        model.GetService<EmbeddingLimits>() is { MaxConcurrency: > 1 } limits
            ? Math.Clamp(limits.MaxTexts * limits.MaxConcurrency, BatchSize, MaxBatchSize)
            : BatchSize;

    private static async IAsyncEnumerable<string> Texts(
        Shell shell, string[] given, string? input, string? field, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (given.Length > 0 && input is not null)
            throw new InputException("give texts or --input, not both");
        foreach (string text in given)
            yield return text;
        if (given.Length > 0)
            yield break;

        var reader = new SourceReader(new SourceReaderOptions { TextField = field, PlainText = PlainTextUnit.EveryLine });
        await foreach (SourceDocument document in reader.ReadAsync([input ?? "-"], cancellationToken))
            yield return document.Text;
        foreach (string notice in reader.Notices)
            shell.Note($"note: {notice}");
    }
}
