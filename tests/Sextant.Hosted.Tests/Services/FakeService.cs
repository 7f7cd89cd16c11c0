using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sextant.Hosted.Tests.Services;

/// <summary>A request as it came in.</summary>
public sealed record SeenRequest(string Path, IReadOnlyDictionary<string, string> Headers, JsonObject Body);

/// <summary>What the server answers instead of vectors, or does to an answer.</summary>
public sealed record Fault(int Status, string Body = "", Dictionary<string, string>? Headers = null)
{
    /// <summary>Announces more bytes than it sends and hangs up.</summary>
    public bool HalfAnswer { get; init; }

    /// <summary>Never answers.</summary>
    public bool Silent { get; init; }
}

/// <summary>
/// A server on loopback that speaks one service's published format, with its limits and its errors, and misbehaves on demand.
/// A vector depends on the text alone, so that mixed-up answers show.
/// </summary>
public abstract class FakeService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected FakeService()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
        _app.StartAsync().GetAwaiter().GetResult();
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>How long its vectors are when no other length is asked for.</summary>
    public int Dimensions { get; set; } = 1536;

    /// <summary>Answers in reverse order, index and all, where the service's answers have an index.</summary>
    public bool Shuffled { get; set; }

    /// <summary>Forgets the last text of every request.</summary>
    public bool Forgets { get; set; }

    /// <summary>Gives vectors that begin with not-a-number.</summary>
    public bool NotFinite { get; set; }

    /// <summary>Gives vectors of zeros.</summary>
    public bool OnlyZeros { get; set; }

    /// <summary>The key that it wants.</summary>
    public string Key { get; set; } = "sk-test-1234567890";

    /// <summary>Headers of every good answer.</summary>
    public Dictionary<string, string> AnswerHeaders { get; } = new() { ["x-request-id"] = "req_good" };

    /// <summary>What the next requests meet, one each.</summary>
    public ConcurrentQueue<Fault> Faults { get; } = new();

    /// <summary>What every request meets for which it gives something.</summary>
    public Func<SeenRequest, Fault?> Always { get; set; } = _ => null;

    /// <summary>Runs before a request is answered: to hold it, or to look at the clock.</summary>
    public Func<SeenRequest, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Every request, in the order in which they came.</summary>
    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    /// <summary>The texts of all requests that were answered with vectors.</summary>
    public ConcurrentQueue<string> Paid { get; } = new();

    /// <summary>The vector of a text: of length 1, the same every time.</summary>
    public static float[] VectorOf(string text, int dimensions)
    {
        uint state = 2166136261;
        foreach (char c in text)
            state = (state ^ c) * 16777619;
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            vector[i] = (state / (float)uint.MaxValue) - 0.5f;
        }

        float length = MathF.Sqrt(vector.Sum(static v => v * v));
        return Array.ConvertAll(vector, v => v / length);
    }

    public async ValueTask DisposeAsync()
    {
        _closing.TrySetResult();
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Answers a request that nothing is wrong with so far, after checking it field by field.</summary>
    protected abstract IResult Answer(SeenRequest request);

    /// <summary>The service's error response.</summary>
    protected abstract IResult Error(int status, string message, string code = "");

    /// <summary>The vectors that it gives for these texts.</summary>
    protected float[][] VectorsOf(string[] texts, int dimensions)
    {
        float[][] vectors = Array.ConvertAll(Forgets ? texts[..^1] : texts, text => VectorOf(text, dimensions));
        foreach (float[] vector in NotFinite ? vectors : [])
            vector[0] = float.NaN;
        foreach (float[] vector in OnlyZeros ? vectors : [])
            Array.Clear(vector);
        return vectors;
    }

    /// <summary>Whether the request carries the key as this service wants it.</summary>
    protected virtual bool IsAuthorized(SeenRequest request) => request.Headers.GetValueOrDefault("Authorization") == $"Bearer {Key}";

    /// <summary>Rejects fields that the published schema does not have.</summary>
    protected static string? UnknownField(JsonObject body, params string[] known) =>
        body.Select(static field => field.Key).FirstOrDefault(name => !known.Contains(name));

    private async Task HandleAsync(HttpContext context)
    {
        JsonObject body = HttpMethods.IsGet(context.Request.Method)
            ? []
            : await JsonSerializer.DeserializeAsync<JsonObject>(context.Request.Body) ?? [];
        var seen = new SeenRequest(
            context.Request.Path.Value! + context.Request.QueryString,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body
        );
        Requests.Enqueue(seen);
        await Before(seen);
        if ((Faults.TryDequeue(out Fault? fault) ? fault : Always(seen)) is { } wrong)
        {
            await FailAsync(context, wrong);
            return;
        }

        IResult result = IsAuthorized(seen) ? Answer(seen) : Error(401, $"Incorrect API key provided: {Key}", "invalid_api_key");
        foreach ((string name, string value) in AnswerHeaders)
            context.Response.Headers[name] = value;
        await result.ExecuteAsync(context);
    }

    private async Task FailAsync(HttpContext context, Fault fault)
    {
        if (fault.Silent)
        {
            await Task.WhenAny(_closing.Task, Task.Delay(Timeout.Infinite, context.RequestAborted));
            return;
        }

        context.Response.StatusCode = fault.Status;
        foreach ((string name, string value) in fault.Headers ?? [])
            context.Response.Headers[name] = value;
        context.Response.ContentType = "application/json";
        if (fault.HalfAnswer)
        {
            context.Response.ContentLength = 10_000;
            await context.Response.WriteAsync("{\"object\":\"list\",\"data\":[");
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }

        await context.Response.WriteAsync(fault.Body);
    }
}
