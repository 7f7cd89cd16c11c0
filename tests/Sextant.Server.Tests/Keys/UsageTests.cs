using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Server.Keys;
using Sextant.Tests.Shared;
using Sextant.Tests.Shared.Models;

namespace Sextant.Server.Tests.Keys;

/// <summary>What keys use of models, and their limits.</summary>
public sealed class UsageTests
{
    private const string Paid = "paid-model",
        Unknown = "unknown-price";

    [Fact]
    public async Task Usage_is_counted_per_key_and_model_and_shown_to_its_key_and_to_monitors()
    {
        await using InProcessService service = await InProcessService.StartAsync();
        (string a, string b, string monitor) = (
            await service.CreateKeyAsync("a", "*=read,write,manage"),
            await service.CreateKeyAsync("b", "*=read"),
            await service.CreateKeyAsync("watch", "*=monitor")
        );
        await RightsMatrixTests.WaitForKeysAsync(service);
        (await service.SendAsync(a, "PUT", "/v1/collections/docs")).EnsureSuccessStatusCode();
        JsonNode document = new JsonObject { ["id"] = "1", ["text"] = "Refunds take a week." };
        (await service.SendAsync(a, "POST", "/v1/collections/docs/documents", document)).EnsureSuccessStatusCode();
        JsonNode query = new JsonObject { ["query"] = "money back" };
        (await service.SendAsync(b, "POST", "/v1/collections/docs/search", query)).EnsureSuccessStatusCode();

        Assert.Equal(["b sextant-small 1"], await UsageAsync(service, b));
        Assert.Equal(["a sextant-small 1", "b sextant-small 1"], await UsageAsync(service, monitor));
        Assert.Equal((400, null), await service.StatusAsync(b, "GET", "/v1/usage?days=0"));
    }

    [Fact]
    public async Task Cost_limit_ends_the_use_of_paid_models_until_the_next_day()
    {
        FakeTimeProvider time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        using TempFolder folder = new();
        ApiKeyFile keys = new(folder.File(ApiKeyFile.DefaultName));
        string limited = await keys.CreateAsync(new("limited", [KeyGrant.Parse("*=read")]) { UsdPerDay = 0.00001m });
        string free = await keys.CreateAsync(new("free", [KeyGrant.Parse("*=read")]));
        await using (InProcessService service = await StartAsync())
        {
            Assert.Equal((200, null), await EmbedAsync(service, limited, Paid, "twelve chars"));
            Assert.Equal((429, "insufficient_quota"), await EmbedAsync(service, limited, Paid, "another text"));
            Assert.Equal((200, null), await EmbedAsync(service, free, Paid, "another text"));
            Assert.Equal((403, "unknown_price"), await EmbedAsync(service, limited, Unknown, "a"));
            Assert.Equal((200, null), await EmbedAsync(service, free, Unknown, "a"));
            Assert.Equal((200, null), await EmbedAsync(service, limited, "sextant-small", "another text"));
        }

        // A restart resets no limit; a new day does.
        await using (InProcessService service = await StartAsync())
        {
            Assert.Equal((429, "insufficient_quota"), await EmbedAsync(service, limited, Paid, "yet another text"));
            time.Advance(TimeSpan.FromDays(1));
            Assert.Equal((200, null), await EmbedAsync(service, limited, Paid, "yet another text"));
            JsonArray entries = (await (await service.SendAsync(limited, "GET", "/v1/usage")).Content.ReadFromJsonAsync<JsonNode>())![
                "data"
            ]!.AsArray();
            Assert.Equal(
                [("2026-03-01", 0.000012m), ("2026-03-02", 0.000016m)],
                entries
                    .Where(static entry => (string?)entry!["model"] == Paid)
                    .Select(static entry => ((string)entry!["day"]!, (decimal)entry["usd"]!))
            );
        }

        Task<InProcessService> StartAsync() =>
            InProcessService.StartAsync(
                options => options.Models = ["sextant-small", Paid, Unknown],
                ModelRegistry.Default.WithProviders(new PaidModels()),
                time,
                folder.Path
            );
    }

    [Fact]
    public async Task Key_has_its_own_rate_limit()
    {
        using TempFolder folder = new();
        ApiKeyFile keys = new(folder.File(ApiKeyFile.DefaultName));
        string slow = await keys.CreateAsync(new("slow", [KeyGrant.Parse("*=read")]) { RequestsPerSecond = 1 });
        string fast = await keys.CreateAsync(new("fast", [KeyGrant.Parse("*=read")]));
        await using InProcessService service = await InProcessService.StartAsync(folder: folder.Path);
        List<int> statuses = [];
        for (int i = 0; i < 10; i++)
            statuses.Add((await service.StatusAsync(slow, "GET", "/v1/models")).Status);
        for (int i = 0; i < 10; i++)
            Assert.Equal(200, (await service.StatusAsync(fast, "GET", "/v1/models")).Status);

        Assert.Equal(200, statuses[0]);
        Assert.Contains(429, statuses);
    }

    [Fact]
    public async Task Audit_log_names_the_key_of_changes_and_rejected_requests()
    {
        using TempFolder folder = new();
        ApiKeyFile keys = new(folder.File("collections/" + ApiKeyFile.DefaultName));
        string writer = await keys.CreateAsync(new("nightly-import", [KeyGrant.Parse("*=write,manage")]));
        string reader = await keys.CreateAsync(new("website", [KeyGrant.Parse("*=read")]));
        await using ServiceProcess service = await ServiceProcess.StartAsync(folder.Path);
        service.UseKey(writer);
        await service.CreateAsync("faq");
        await service.AddAsync("faq", new { id = "1\nforged", text = "a text" });
        service.UseKey(reader);
        await service.RefusedAsync(service.Http.DeleteAsync("/v1/collections/faq/documents/1%0Aforged"));
        (await service.PostAsync("/v1/collections/faq/search", "{\"query\":\"a\"}")).EnsureSuccessStatusCode();
        await service.StopAsync();

        Assert.Contains("nightly-import PUT /v1/collections/faq 201", service.Log, StringComparison.Ordinal);
        Assert.Contains("nightly-import POST /v1/collections/faq/documents 200", service.Log, StringComparison.Ordinal);
        Assert.Contains("website DELETE /v1/collections/faq/documents/1%0Aforged 403", service.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("/search", service.Log, StringComparison.Ordinal);
        Assert.Contains("website used sextant-small", service.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(writer, service.Log, StringComparison.Ordinal);
    }

    private static Task<(int Status, string? Code)> EmbedAsync(InProcessService service, string key, string model, string text) =>
        service.StatusAsync(key, "POST", "/v1/embeddings", new JsonObject { ["model"] = model, ["input"] = text });

    private static async Task<IEnumerable<string>> UsageAsync(InProcessService service, string key) =>
        (await (await service.SendAsync(key, "GET", "/v1/usage")).Content.ReadFromJsonAsync<JsonNode>())!["data"]!
            .AsArray()
            .Select(static entry => $"{entry!["key"]} {entry["model"]} {entry["requests"]}");

    private sealed class PaidModels : IModelProvider
    {
        public bool Handles(string name) => name is Paid or Unknown;

        public Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default) =>
            Task.FromResult<IEmbeddingGenerator<string, Embedding<float>>>(
                new Priced(
                    new FakeGenerator
                    {
                        Profile = new()
                        {
                            Name = name,
                            Provider = "test",
                            Dimensions = 4,
                        },
                        Limits = new() { UseFileCache = false },
                    },
                    new(name == Paid ? 1 : null)
                )
            );
    }

    private sealed class Priced(IEmbeddingGenerator<string, Embedding<float>> model, ModelPrice price)
        : DelegatingEmbeddingGenerator<string, Embedding<float>>(model)
    {
        public override object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(ModelPrice) ? price : base.GetService(serviceType, serviceKey);
    }
}
