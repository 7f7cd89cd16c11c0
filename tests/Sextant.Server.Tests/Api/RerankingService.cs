using Sextant.Tests.Shared.Models;

namespace Sextant.Server.Tests.Api;

/// <summary>
/// A service with an embedding model in a folder ("colors", whose vectors follow from <see cref="TinyModel"/>) and a cross-encoder
/// ("pair-bert"), and keys.
/// Its collection "colors" holds four texts.
/// </summary>
public sealed class RerankingService : IAsyncLifetime
{
    public const string Writer = "writer-0123456789abcdef";
    public const string Reader = "reader-0123456789abcdef";

    private readonly string _folder = Directory.CreateTempSubdirectory("sextant-rerank-").FullName;

    public ServiceProcess Service { get; private set; } = null!;

    /// <summary>Where the model "colors" is.</summary>
    public string ModelFolder => Path.Combine(_folder, "colors");

    public async ValueTask InitializeAsync()
    {
        TinyModel.Write(ModelFolder);
        Service = await ServiceProcess.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["SEXTANT_MODELS"] = $"sextant-small,{ModelFolder}",
                ["SEXTANT_RERANKERS"] = ServiceProcess.Metadata("CrossEncoderFolder"),
                ["SEXTANT_MAX_CANDIDATES"] = "50",
                ["SEXTANT_API_KEYS"] = $"{Writer},{Reader}:read",
                ["SEXTANT_REQUESTS_PER_SECOND"] = "0",
            }
        );
        await FillAsync("colors");
        Service.UseKey(Reader);
    }

    /// <summary>
    /// Makes a collection of the four texts; by words, "zebra blue" finds "zebra" first, since the others share their word.
    /// </summary>
    public async Task FillAsync(string collection)
    {
        Service.UseKey(Writer);
        await Service.CreateAsync(collection);
        await Service.AddAsync(
            collection,
            new { id = "zebra", text = "zebra zebra red" },
            new { id = "cafe", text = "blue cafe" },
            new { id = "green", text = "blue green" },
            new { id = "blue", text = "blue" }
        );
        Service.UseKey(Reader);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
