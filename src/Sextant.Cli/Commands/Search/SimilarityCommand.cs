using System.CommandLine;
using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Embedding;
using Sextant.Numerics;

namespace Sextant.Cli.Commands.Search;

/// <summary><c>sextant similarity</c>: one score for a pair, a matrix for more.</summary>
internal static class SimilarityCommand
{
    private const int HeadingWidth = 24;

    public static Command Create(Shell shell)
    {
        var texts = new Argument<string[]>("TEXT") { Description = "Two or more texts", Arity = new ArgumentArity(2, 10_000) };
        Option<SimilarityMetric?> metric = MetricOption.Create(
            "cosine (-1 to 1), dot (both: higher is more similar), or euclidean (a distance) [default: cosine]"
        );
        var command = new Verb("similarity", "Compute the similarity of two or more texts: one score for a pair, a matrix for more.")
        {
            Arguments = { texts },
            Options = { metric },
            Examples =
            [
                ("sextant similarity \"a quick fox\" \"a fast fox\"", "prints one score"),
                ("sextant similarity cat dog car bus", "prints a matrix"),
                ("sextant similarity cat dog car --json", "prints every pair as JSON"),
            ],
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                string[] given = parsed.GetRequiredValue(texts);
                using IEmbeddingGenerator<string, Embedding<float>> model = await ChosenModel.OpenAsync(parsed, cancellationToken);
                GeneratedEmbeddings<Embedding<float>> vectors = await model.EmbedDocumentsAsync(
                    given,
                    cancellationToken: cancellationToken
                );
                SimilarityMetric by = parsed.GetValue(metric) ?? SimilarityMetric.Cosine;
                Write(shell, given, (i, j) => Score(by, vectors[i].Vector.Span, vectors[j].Vector.Span), by);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static float Score(SimilarityMetric metric, ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        metric switch
        {
            SimilarityMetric.Dot => TensorPrimitives.Dot(a, b),
            SimilarityMetric.Euclidean => TensorPrimitives.Distance(a, b),
            _ => VectorMath.Cosine(a, b),
        };

    private static void Write(Shell shell, string[] texts, Func<int, int, float> score, SimilarityMetric metric)
    {
        if (shell.Json)
        {
            for (int i = 0; i < texts.Length; i++)
            {
                for (int j = i + 1; j < texts.Length; j++)
                {
                    shell.Out.WriteJson(json =>
                    {
                        json.WriteString("a", texts[i]);
                        json.WriteString("b", texts[j]);
                        json.WriteString("metric", metric.ToString().ToLowerInvariant());
                        json.WriteNumber("score", score(i, j));
                    });
                }
            }
        }
        else if (texts.Length == 2)
        {
            shell.Out.WriteLine(score(0, 1).ToString("F4", CultureInfo.InvariantCulture));
        }
        else
        {
            var table = new ReportTable(["", .. texts.Select(text => Snippet.Shorten(text, HeadingWidth))]);
            for (int i = 0; i < texts.Length; i++)
            {
                table.Add([
                    Snippet.Shorten(texts[i], HeadingWidth),
                    .. texts.Select((_, j) => score(i, j).ToString("F4", CultureInfo.InvariantCulture)),
                ]);
            }

            table.Write(shell.Out);
        }
    }
}
