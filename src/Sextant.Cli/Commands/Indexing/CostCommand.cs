using System.CommandLine;
using System.Globalization;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Embedding;

namespace Sextant.Cli.Commands.Indexing;

/// <summary><c>sextant cost</c>: tokens, requests and dollars before anything is sent.</summary>
internal static class CostCommand
{
    public static Command Create(Shell shell)
    {
        var sources = new Argument<string[]>("SOURCE") { Description = "Files or folders, as for index", Arity = ArgumentArity.OneOrMore };
        Option<OverflowPolicy?> overflow = PaidRun.LongTexts(OverflowPolicy.Chunk);
        var indexing = new IndexingOptions();
        var command = new Verb("cost", "Estimate the cost of embedding files in tokens, requests and dollars, without sending anything.")
        {
            Arguments = { sources },
            Options = { overflow },
            Examples =
            [
                (
                    "sextant cost examples/faq.jsonl --model openai:text-embedding-3-small",
                    "estimates the cost without a key; cached texts cost nothing"
                ),
                (
                    "sextant cost docs/ --model voyage:voyage-4 --chunk 500 --json",
                    "estimates the cost, and the number of tokens, of Voyage's models"
                ),
            ],
        };
        indexing.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                EmbeddingCost cost = await PaidRun.EstimateAsync(
                    ChosenModel.Name(parsed),
                    ChosenModel.Pipeline(parsed) with
                    {
                        Overflow = parsed.GetValue(overflow) ?? OverflowPolicy.Chunk,
                    },
                    parsed.GetRequiredValue(sources),
                    indexing.Read(parsed),
                    cancellationToken
                );
                Write(shell, cost);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void Write(Shell shell, EmbeddingCost cost)
    {
        if (!shell.Json)
        {
            shell.Out.WriteWrapped(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{cost.Model}: {cost.Texts:N0} texts, {(cost.IsExact ? "" : "about ")}{cost.Tokens:N0} tokens to send in "
                        + $"{cost.Requests:N0} requests, {UsageNote.Dollars(cost.Usd)}"
                ),
                indent: 2
            );
            return;
        }
        shell.Out.WriteJson(json =>
        {
            json.WriteString("model", cost.Model);
            json.WriteNumber("texts", cost.Texts);
            json.WriteNumber("tokens", cost.Tokens);
            json.WriteNumber("requests", cost.Requests);
            if (cost.Usd is { } usd)
                json.WriteNumber("usd", usd);
            else
                json.WriteNull("usd");
            json.WriteBoolean("exact", cost.IsExact);
        });
    }
}
