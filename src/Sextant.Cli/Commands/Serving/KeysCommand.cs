using System.CommandLine;
using System.Globalization;
using Sextant.Cli.Help;
using Sextant.Cli.Terminal;
using Sextant.Server.Keys;

namespace Sextant.Cli.Commands.Serving;

/// <summary><c>sextant keys</c>: creates, lists and revokes the API keys of a service.</summary>
internal static class KeysCommand
{
    private const string FileVariable = "SEXTANT_KEYS_FILE";

    private static readonly Option<string> Collections = new("--collections")
    {
        Description = "The folder with the collections, whose .keys.json is used",
        HelpName = "DIR",
        DefaultValueFactory = _ => ".",
    };

    private static readonly Option<string?> File = new("--file")
    {
        Description = $"The file with the keys [default: ${FileVariable}, or .keys.json in --collections]",
        HelpName = "FILE",
    };

    public static Command Create(Shell shell) =>
        new Verb("keys", "Create, list and revoke the API keys of the service.")
        {
            Subcommands = { Add(shell), List(shell), Revoke(shell) },
            Examples =
            [
                ("sextant keys create website --grant faq=read", "creates a key that searches the collection faq"),
                ("sextant keys list", "lists the keys and their rights"),
                ("sextant keys revoke website", "revokes a key; a running service applies it within a second"),
            ],
        };

    private static Verb Add(Shell shell)
    {
        var name = new Argument<string>("NAME") { Description = "The name of the key, for logs and usage" };
        var grants = new Option<string[]>("--grant")
        {
            Description = "Collections and rights, such as docs-*=read,write; rights: read, write, manage, monitor, all; repeatable",
            HelpName = "NAMES=RIGHTS",
            Required = true,
        };
        Option<int?> rate = NumberOption.Whole("--requests-per-second", "Limit the key to this many requests per second", least: 1);
        Option<float?> cost = NumberOption.Between(
            "--usd-per-day",
            "Limit the key to hosted models for this many dollars per day (UTC)",
            0,
            1_000_000
        );
        var command = new Verb("create", "Create an API key and print it; only its hash is stored.")
        {
            Arguments = { name },
            Options = { grants, rate, cost, Collections, File },
            Examples =
            [
                ("sextant keys create website --grant faq=read --requests-per-second 50", "creates a key that searches one collection"),
                ("sextant keys create importer --grant \"docs-*=read,write\" --usd-per-day 5", "creates a key that adds documents"),
                ("sextant keys create admin --grant \"*=all\"", "creates a key with all rights"),
            ],
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                ApiKeyFile file = FileOf(parsed);
                ApiKey key = new(parsed.GetRequiredValue(name), [.. parsed.GetRequiredValue(grants).Select(KeyGrant.Parse)])
                {
                    RequestsPerSecond = parsed.GetValue(rate),
                    UsdPerDay = (decimal?)parsed.GetValue(cost),
                };
                string secret = await file.CreateAsync(key, cancellationToken);
                if (shell.Json)
                {
                    shell.Out.WriteJson(json =>
                    {
                        json.WriteString("name", key.Name);
                        json.WriteString("key", secret);
                        json.WriteString("file", file.Path);
                    });
                }
                else
                {
                    shell.Out.WriteLine(secret);
                }

                shell.Note($"keep this key: {file.Path} has only its hash");
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Verb List(Shell shell)
    {
        var command = new Verb("list", "List the API keys with their rights and limits.")
        {
            Options = { Collections, File },
            Examples = [("sextant keys list --json", "prints {\"name\",\"grants\",\"requests_per_second\",\"usd_per_day\",\"created\"}")],
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<ApiKey> keys = FileOf(parsed).List();
            if (shell.Json)
            {
                foreach (ApiKey key in keys)
                    WriteJson(shell, key);
                return ExitCode.Done;
            }

            if (keys.Count == 0)
            {
                shell.Note($"no keys in {FileOf(parsed).Path}");
                return ExitCode.Done;
            }

            var table = new ReportTable("name", "rights", "requests/s", "USD/day", "created");
            foreach (ApiKey key in keys)
            {
                table.Add(
                    key.Name,
                    string.Join(' ', key.Grants),
                    key.RequestsPerSecond?.ToString(CultureInfo.InvariantCulture) ?? "",
                    key.UsdPerDay?.ToString(CultureInfo.InvariantCulture) ?? "",
                    key.Created.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                );
            }

            table.Write(shell.Out);
            return ExitCode.Done;
        });
        return command;
    }

    private static Verb Revoke(Shell shell)
    {
        var name = new Argument<string>("NAME") { Description = "The name of the key" };
        var command = new Verb("revoke", "Revoke an API key.")
        {
            Arguments = { name },
            Options = { Collections, File },
            Examples = [("sextant keys revoke website", "revokes the key; a running service applies it within a second")],
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                string revoked = parsed.GetRequiredValue(name);
                await FileOf(parsed).RevokeAsync(revoked, cancellationToken);
                if (shell.Json)
                    shell.Out.WriteJson(json => json.WriteString("revoked", revoked));
                else
                    shell.Out.WriteLine($"{revoked}: revoked");
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void WriteJson(Shell shell, ApiKey key) =>
        shell.Out.WriteJson(json =>
        {
            json.WriteString("name", key.Name);
            json.WriteStartArray("grants");
            foreach (KeyGrant grant in key.Grants)
            {
                json.WriteStartObject();
                json.WriteString("collections", grant.Collections);
                json.WriteStartArray("rights");
                foreach (string right in grant.RightNames)
                    json.WriteStringValue(right);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (key.RequestsPerSecond is { } rate)
                json.WriteNumber("requests_per_second", rate);
            if (key.UsdPerDay is { } usd)
                json.WriteNumber("usd_per_day", usd);
            json.WriteString("created", key.Created);
        });

    private static ApiKeyFile FileOf(ParseResult parsed)
    {
        string? named = parsed.GetValue(File) ?? Environment.GetEnvironmentVariable(FileVariable);
        if (!string.IsNullOrEmpty(named))
            return new(named);
        string folder = parsed.GetRequiredValue(Collections);
        if (ChosenModel.IsElsewhere(folder))
            throw new InputException($"{folder} is a database, which has no file for keys; name one with --file");
        return Directory.Exists(folder)
            ? new(Path.Combine(folder, ApiKeyFile.DefaultName))
            : throw new InputException($"{folder}: no such folder; check the name, or create the folder first");
    }
}
