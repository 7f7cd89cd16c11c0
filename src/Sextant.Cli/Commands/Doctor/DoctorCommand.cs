using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;

namespace Sextant.Cli.Commands.Doctor;

/// <summary><c>sextant doctor</c>: checks a service or a collection, and says what to do.</summary>
internal static class DoctorCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static Command Create(Shell shell)
    {
        var target = new Argument<string>("TARGET") { Description = "The URL of a service, or a collection" };
        var command = new Verb("doctor", "Check a service or a collection, and say what to do; exit with 1 if there is a problem.")
        {
            Arguments = { target },
            Examples =
            [
                (
                    "sextant doctor http://127.0.0.1:5080",
                    "checks a service: disk, memory, limits, clocks, versions, models, backups, recall"
                ),
                ("sextant doctor faq.sextant", "checks a collection"),
                (
                    "SEXTANT_API_KEY=$KEY sextant doctor https://search.example --json",
                    "prints {\"check\",\"severity\",\"message\",\"advice\"}"
                ),
            ],
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                string named = parsed.GetRequiredValue(target);
                bool isService = Uri.TryCreate(named, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https";
                using HttpClient http = new() { Timeout = Patience };
                if (isService)
                    http.BaseAddress = new(named.TrimEnd('/') + "/");
                IAsyncEnumerable<Finding> findings = isService
                    ? new ServiceDoctor(http, TimeProvider.System).RunAsync(cancellationToken)
                    : CollectionDoctor.RunAsync(parsed, named, cancellationToken);
                Severity worst = Severity.Ok;
                await foreach (Finding finding in findings.WithCancellation(cancellationToken))
                {
                    worst = finding.Severity > worst ? finding.Severity : worst;
                    Write(shell, finding);
                }

                return worst == Severity.Problem ? ExitCode.Failed : ExitCode.Done;
            }
        );
        return command;
    }

    private static void Write(Shell shell, Finding finding)
    {
        string severity = finding.Severity.ToString().ToLowerInvariant();
        if (shell.Json)
        {
            shell.Out.WriteJson(json =>
            {
                json.WriteString("check", finding.Check);
                json.WriteString("severity", severity);
                json.WriteString("message", finding.Message);
                if (finding.Advice is { } advice)
                    json.WriteString("advice", advice);
            });
            return;
        }

        shell.Out.WriteWrapped($"{severity, -8} {finding.Check}: {finding.Message}", indent: 11);
        if (finding.Advice is { } what)
            shell.Out.WriteWrapped($"         {what}", indent: 11);
    }
}
