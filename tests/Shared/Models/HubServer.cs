using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sextant.Tests.Shared.Models;

/// <summary>A server that speaks the hub's protocol: large files live on a second address, as on the real one.</summary>
internal sealed class HubServer : IAsyncDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly WebApplication _hub = Build(),
        _store = Build();

    public HubServer()
    {
        _hub.Run(AnswerAsync);
        _store.Run(StoreAsync);
    }

    public Dictionary<string, byte[]> Files { get; } = [];

    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>What the store saw as its Authorization header.</summary>
    public ConcurrentQueue<string> StoreTokens { get; } = [];

    /// <summary>Answers the hub itself gives instead, the first for the first request.</summary>
    public ConcurrentQueue<(int Status, string ErrorCode)> Refusals { get; } = [];

    /// <summary>After how many bytes of a large file the connection breaks; one entry a request.</summary>
    public ConcurrentQueue<int> Breaks { get; } = [];

    public bool Corrupt { get; set; }

    public string? ListInstead { get; set; }

    public Uri Address => new(_hub.Urls.Single());

    public async Task<HubServer> StartAsync()
    {
        await _hub.StartAsync();
        await _store.StartAsync();
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static WebApplication Build()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        return app;
    }

    private static bool IsLarge(string file) =>
        file.EndsWith(".safetensors", StringComparison.Ordinal)
        || file.EndsWith(".onnx", StringComparison.Ordinal)
        || file.EndsWith(".parquet", StringComparison.Ordinal);

    private static string HashOf(string file, byte[] bytes) =>
        IsLarge(file)
            ? Convert.ToHexStringLower(SHA256.HashData(bytes))
#pragma warning disable CA5350 // Git names its objects so.
            : Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]));

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        Requests.Enqueue($"{context.Request.Method} {path} {context.Request.Headers.Authorization}".TrimEnd());
        if (Refusals.TryDequeue(out (int Status, string ErrorCode) refusal))
        {
            context.Response.StatusCode = refusal.Status;
            context.Response.Headers["X-Error-Code"] = refusal.ErrorCode;
        }
        else if (path.StartsWith("/api/models/", StringComparison.Ordinal) || path.StartsWith("/api/datasets/", StringComparison.Ordinal))
        {
            await context.Response.WriteAsync(
                ListInstead
                    ?? JsonSerializer.Serialize(
                        new
                        {
                            sha = Commit,
                            siblings = Files.Select(f => new
                            {
                                rfilename = f.Key,
                                size = f.Value.Length,
                                lfs = IsLarge(f.Key) ? new { sha256 = HashOf(f.Key, f.Value), size = f.Value.Length } : null,
                            }),
                        }
                    )
            );
        }
        else
        {
            string file = path[(path.IndexOf(Commit, StringComparison.Ordinal) + Commit.Length + 1)..];
            byte[] bytes = Files[file];
            context.Response.Headers["X-Repo-Commit"] = Commit;
            if (IsLarge(file))
            {
                context.Response.StatusCode = (int)HttpStatusCode.Found;
                context.Response.Headers["X-Linked-Etag"] = $"\"{HashOf(file, bytes)}\"";
                context.Response.Headers["X-Linked-Size"] = $"{bytes.Length}";
                context.Response.Headers.Location = $"{_store.Urls.Single()}/{file}";
            }
            else
            {
                context.Response.Headers.ETag = $"\"{HashOf(file, bytes)}\"";
                context.Response.ContentLength = bytes.Length;
                if (context.Request.Method == "GET")
                    await context.Response.Body.WriteAsync(bytes);
            }
        }
    }

    private async Task StoreAsync(HttpContext context)
    {
        StoreTokens.Enqueue(context.Request.Headers.Authorization.ToString());
        byte[] bytes = [.. Files[context.Request.Path.Value![1..]]];
        if (Corrupt)
            bytes[0] ^= 1;
        int from = 0;
        if (context.Request.GetTypedHeaders().Range?.Ranges.Single().From is { } asked)
        {
            from = (int)asked;
            context.Response.StatusCode = (int)HttpStatusCode.PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{bytes.Length - 1}/{bytes.Length}";
        }
        Requests.Enqueue($"STORE {from}");
        context.Response.ContentLength = bytes.Length - from;
        if (Breaks.TryDequeue(out int after))
        {
            await context.Response.Body.WriteAsync(bytes.AsMemory(from, after));
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }
        await context.Response.Body.WriteAsync(bytes.AsMemory(from));
    }
}
