using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sextant.Server;

namespace Sextant.Cli.Commands.Doctor;

/// <summary>Checks a running service over HTTP.</summary>
internal sealed class ServiceDoctor(HttpClient http, TimeProvider time)
{
    private static readonly TimeSpan MostClockDifference = TimeSpan.FromSeconds(30);

    /// <summary>Runs all checks, until one makes the others pointless.</summary>
    public async IAsyncEnumerable<Finding> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Answer health = await GetAsync("healthz", cancellationToken);
        if (health.Body is null)
        {
            yield return Finding.Problem("service", health.Error!, "start the service, or check the address");
            yield break;
        }

        Answer status = await GetAsync("v1/status", cancellationToken);
        if (status.Body is not { } body)
        {
            yield return Finding.Problem("key", status.Error!, "set SEXTANT_API_KEY to a key with the rights monitor and read");
            yield break;
        }

        foreach (Finding finding in Describe(body))
            yield return finding;
        Answer list = await GetAsync("v1/collections", cancellationToken);
        if (list.Body is not { } collections)
        {
            yield return Finding.Problem(
                "collections",
                list.Error!,
                "give the key the right read: sextant keys create doctor --grant \"*=read,monitor\""
            );
            yield break;
        }

        foreach (JsonElement collection in collections.GetProperty("data").EnumerateArray())
        {
            string name = collection.GetProperty("name").GetString()!;
            await foreach (Finding finding in VerifyAsync(name, cancellationToken))
                yield return finding;
        }
    }

    private IEnumerable<Finding> Describe(JsonElement status)
    {
        string version = status.GetProperty("version").GetString()!,
            own = typeof(SextantServer).Assembly.GetName().Version!.ToString(3);
        yield return version == own
            ? Finding.Ok("version", version)
            : Finding.Warning("version", $"the service has {version}, this command {own}", "update the older one");
        TimeSpan difference = (status.GetProperty("time").GetDateTimeOffset() - time.GetUtcNow()).Duration();
        string seconds = string.Create(CultureInfo.InvariantCulture, $"{difference.TotalSeconds:F0} s apart");
        yield return difference > MostClockDifference
            ? Finding.Warning("clock", $"the clocks of the service and of this machine are {seconds}", "synchronize them (NTP)")
            : Finding.Ok("clock", seconds);
        yield return Text(status, "problem") is { } problem
            ? Finding.Problem("ready", problem, "see the log of the service")
            : Finding.Ok("ready", "models are open, collections are writable");
        yield return Machine.Memory(
            status.GetProperty("memory_bytes").GetInt64(),
            status.GetProperty("memory_limit_bytes").GetInt64(),
            "the service uses"
        );
        if (status.TryGetProperty("disk_free_bytes", out JsonElement free) && free.ValueKind == JsonValueKind.Number)
            yield return Machine.Disk(free.GetInt64(), status.GetProperty("disk_total_bytes").GetInt64(), needed: 0);
        int rate = status.GetProperty("requests_per_second").GetInt32(),
            queue = status.GetProperty("model_queue").GetInt32(),
            most = status.GetProperty("max_concurrency").GetInt32();
        yield return queue > most / 2
            ? Finding.Warning("limits", $"{queue} requests wait for models", "add processors, a smaller model, or another instance")
            : Finding.Ok(
                "limits",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{rate} requests per second and key, {most} at a time, {queue} wait for models"
                )
            );
        yield return Finding.Ok(
            "models",
            string.Join(", ", status.GetProperty("models").EnumerateArray().Select(static model => model.GetString()))
        );
        yield return Backups(status);
    }

    private static Finding Backups(JsonElement status)
    {
        if (!status.GetProperty("backups_scheduled").GetBoolean())
            return Finding.Warning("backups", "none are scheduled", "start the service with --backup \"daily keep 7 to DIR\"");
        int failing = status.GetProperty("backups_failing").GetInt32();
        if (failing > 0)
        {
            return Finding.Problem(
                "backups",
                failing == 1 ? "the last one of a collection failed" : $"the last ones of {failing} collections failed",
                "see the log of the service for the reason; they are tried again every 15 minutes"
            );
        }

        JsonElement age = status.GetProperty("backup_age_seconds");
        return age.ValueKind == JsonValueKind.Number
            ? Finding.Ok(
                "backups",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"all from the last {TimeSpan.FromSeconds(age.GetDouble()).TotalHours:F1} hours"
                )
            )
            : Finding.Warning("backups", "a collection has none yet", "wait for the next one, and run this command again");
    }

    private async IAsyncEnumerable<Finding> VerifyAsync(string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Answer answer = await SendAsync(HttpMethod.Post, $"v1/collections/{name}/verify", cancellationToken);
        if (answer.Body is not { } verified)
        {
            yield return Finding.Problem(name, answer.Error!, "see the log of the service");
            yield break;
        }

        string[] problems = [.. verified.GetProperty("problems").EnumerateArray().Select(static problem => problem.GetString()!)];
        foreach (string problem in problems)
            yield return Finding.Problem(name, problem, "stop the service and run sextant collection verify --repair, or restore a backup");
        if (problems.Length > 0)
            yield break;
        yield return Finding.Ok(
            name,
            string.Create(CultureInfo.InvariantCulture, $"{verified.GetProperty("documents").GetInt64():N0} documents, all intact")
        );
        if (verified.TryGetProperty("recall", out JsonElement recall) && recall.ValueKind == JsonValueKind.Number)
        {
            yield return Machine.Recall(recall.GetDouble(), name) with
            {
                Check = $"{name} recall",
            };
        }
    }

    private Task<Answer> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, cancellationToken);

    private async Task<Answer> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = new(method, path);
            if (Environment.GetEnvironmentVariable("SEXTANT_API_KEY") is { Length: > 0 } key)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
            using JsonDocument document = await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(cancellationToken),
                cancellationToken: cancellationToken
            );
            JsonElement body = document.RootElement.Clone();
            return response.IsSuccessStatusCode
                ? new(body, null)
                : new(null, body.TryGetProperty("error", out JsonElement error) ? Text(error, "message") : $"{response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            return new(null, $"{http.BaseAddress}{path}: {e.Message}");
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private readonly record struct Answer(JsonElement? Body, string? Error);
}
