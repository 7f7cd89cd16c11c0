using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Sextant.Server.Tests.Collections;

/// <summary>A damaged collection causes a clear error at every route, and does not affect other collections.</summary>
public sealed class DamagedCollectionTests
{
    [Fact]
    public async Task Every_route_reports_a_damaged_document()
    {
        string folder = Directory.CreateTempSubdirectory("sextant-damaged-").FullName;
        try
        {
            await using (ServiceProcess service = await ServiceProcess.StartAsync(folder))
            {
                await service.CreateAsync("docs");
                await service.CreateAsync("other");
                await service.AddAsync(
                    "docs",
                    [.. Enumerable.Range(0, 40).Select(i => (object)new { id = $"{i}", text = $"unmistakable text {i}" })]
                );
                await service.AddAsync("other", new { id = "1", text = "sound" });
                Assert.Equal(0, await service.StopAsync());
            }

            string database = Path.Combine(folder, "collections", "docs", "documents.db");
            // Latin-1 keeps every byte.
            string bytes = await File.ReadAllTextAsync(database, Encoding.Latin1);
            await File.WriteAllTextAsync(
                database,
                bytes.Replace("unmistakable text 7", "unmistakable tent 7", StringComparison.Ordinal),
                Encoding.Latin1
            );

            await using ServiceProcess again = await ServiceProcess.StartAsync(folder);
            await DamagedAsync(again.Http.GetAsync("/v1/collections/docs/documents/7?vector=true"));
            await DamagedAsync(again.Http.GetAsync("/v1/collections/docs/export"));
            await DamagedAsync(again.Http.GetAsync("/v1/collections/docs/export?vectors=true"));
            await DamagedAsync(again.Http.GetAsync("/v1/collections/docs/map"));
            await DamagedAsync(again.PostAsync("/v1/collections/docs/search", """{"query":"unmistakable text 7","k":3}"""));
            await DamagedAsync(again.PostAsync("/v1/collections/docs/search", """{"query":"tent","k":40,"hybrid":true}"""));
            await DamagedAsync(again.PostAsync("/v1/collections/docs/search", """{"id":"7","k":3}"""));
            Assert.True((await again.Http.GetAsync("/v1/collections/docs/documents/8")).IsSuccessStatusCode);
            Assert.True((await again.PostAsync("/v1/collections/other/search", """{"query":"sound"}""")).IsSuccessStatusCode);
            JsonNode verified = (await (await again.PostAsync("/v1/collections/docs/verify", "{}")).Content.ReadFromJsonAsync<JsonNode>())!;
            Assert.Contains(
                verified["problems"]!.AsArray(),
                problem => ((string)problem!).Contains("document '7'", StringComparison.Ordinal)
            );

            // Writing the document again is a cure.
            await again.AddAsync("docs", new { id = "7", text = "unmistakable text 7" });
            Assert.True((await again.Http.GetAsync("/v1/collections/docs/export")).IsSuccessStatusCode);

            async Task DamagedAsync(Task<HttpResponseMessage> request)
            {
                HttpResponseMessage answer = await request;
                JsonNode error = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["error"]!;
                Assert.Equal((503, "collection_damaged"), ((int)answer.StatusCode, (string?)error["code"]));
                Assert.Contains("document '7' does not match its checksum", (string)error["message"]!, StringComparison.Ordinal);
                Assert.DoesNotContain(folder, (string)error["message"]!, StringComparison.Ordinal);
                Assert.Null(answer.Headers.RetryAfter);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
