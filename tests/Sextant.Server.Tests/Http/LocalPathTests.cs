using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Sextant.Server.Tests.Http;

/// <summary>Only the operator sees where the service keeps its collections and models.</summary>
public sealed class LocalPathTests
{
    private const string Key = "read-0123456789abcdef";

    [Fact]
    public async Task Damage_report_does_not_reveal_server_folders()
    {
        string folder = Directory.CreateTempSubdirectory("sextant-paths-").FullName;
        try
        {
            await using (ServiceProcess service = await ServiceProcess.StartAsync(folder))
            {
                foreach (string name in (string[])["vectors", "empty", "gone"])
                {
                    await service.CreateAsync(name);
                    await service.AddAsync(
                        name,
                        new { id = "/srv/one", text = "one" },
                        new { id = "2", text = "two" },
                        new { id = "3", text = "three" }
                    );
                }

                await service.StopAsync();
            }

            string collections = Path.Combine(folder, "collections");
            Run(Path.Combine(collections, "vectors", "documents.db"), "update vectors set vector = x'00' where key = 2");
            await File.WriteAllBytesAsync(Path.Combine(collections, "empty", "documents.db"), []);
            File.Delete(Path.Combine(collections, "gone", "documents.db"));
            await using ServiceProcess damaged = await ServiceProcess.StartAsync(
                folder,
                new Dictionary<string, string> { ["SEXTANT_API_KEYS"] = $"{Key}:read" }
            );
            damaged.UseKey(Key);
            List<string> answers = [];
            foreach (string name in (string[])["vectors", "empty", "gone"])
            {
                foreach (string route in (string[])["", "/map", "/export", "/documents/2", "/documents/%2Fsrv%2Fone?vector=true"])
                    answers.Add(await ReadAsync(damaged.Http.GetAsync($"/v1/collections/{name}{route}")));
                answers.Add(await ReadAsync(damaged.Http.PostAsync($"/v1/collections/{name}/verify", null)));
                answers.Add(await ReadAsync(damaged.PostAsync($"/v1/collections/{name}/search", "{\"query\":\"one\"}")));
                answers.Add(await ReadAsync(damaged.PostAsync($"/v1/collections/{name}/search", "{\"id\":\"2\"}")));
            }

            answers.Add(await ReadAsync(damaged.Http.GetAsync("/v1/collections")));
            answers.Add(await ReadAsync(damaged.Http.GetAsync("/readyz")));
            Assert.Contains(
                answers,
                answer => answer.Contains("damaged", StringComparison.Ordinal) || answer.Contains("vector", StringComparison.Ordinal)
            );
            Assert.All(answers, answer => Assert.DoesNotContain(folder, answer, StringComparison.Ordinal));
            Assert.All(answers, answer => Assert.DoesNotContain(Path.GetTempPath(), answer, StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Model_in_a_folder_is_named_after_it()
    {
        string folder = Directory.CreateTempSubdirectory("sextant-model-").FullName;
        string model = Path.Combine(folder, "models", "house-style");
        try
        {
            CopyModel(model);
            await using ServiceProcess service = await ServiceProcess.StartAsync(
                folder,
                new Dictionary<string, string> { ["SEXTANT_MODELS"] = $"{model},sextant-small" }
            );
            HttpResponseMessage made = await service.Http.PutAsJsonAsync("/v1/collections/styled", new { model = "house-style" });
            HttpResponseMessage again = await service.Http.PutAsJsonAsync("/v1/collections/styled", new { model });
            HttpResponseMessage clash = await service.Http.PutAsJsonAsync("/v1/collections/styled", new { model = "sextant-small" });
            HttpResponseMessage embedded = await service.PostAsync("/v1/embeddings", "{\"model\":\"house-style\",\"input\":\"a\"}");
            await service.AddAsync("styled", new { text = "one" });
            string[] answers =
            [
                await made.Content.ReadAsStringAsync(),
                await again.Content.ReadAsStringAsync(),
                await clash.Content.ReadAsStringAsync(),
                await embedded.Content.ReadAsStringAsync(),
                .. await Task.WhenAll(
                    ((string[])["/v1/models", "/v1/models/house-style", "/v1/collections", "/v1/collections/styled", "/readyz"]).Select(
                        service.Http.GetStringAsync
                    )
                ),
            ];

            Assert.Equal(
                (201, 200, 409, 200),
                ((int)made.StatusCode, (int)again.StatusCode, (int)clash.StatusCode, (int)embedded.StatusCode)
            );
            Assert.Equal("house-style", (string)JsonNode.Parse(answers[0])!["model"]!);
            Assert.All(answers, answer => Assert.DoesNotContain(folder, answer, StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The built-in model, next to the sources.
    private static void CopyModel(string target)
    {
        Directory.CreateDirectory(target);
        foreach (string file in Directory.EnumerateFiles(ServiceProcess.Metadata("ModelFolder")))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }

    private static void Run(string database, string sql)
    {
        using SqliteConnection connection = new(
            new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ConnectionString
        );
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private static async Task<string> ReadAsync(Task<HttpResponseMessage> request)
    {
        HttpResponseMessage answer = await request;
        try
        {
            return $"{answer.RequestMessage!.RequestUri!.AbsolutePath} {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
        }
        catch (HttpRequestException)
        {
            // Cut off: half an answer does not look like a whole one.
            return "";
        }
    }
}
