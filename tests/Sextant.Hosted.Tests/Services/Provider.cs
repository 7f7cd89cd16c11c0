namespace Sextant.Hosted.Tests.Services;

/// <summary>A provider as users see it: a separate server, the name of a model, and the environment variables that point to it.</summary>
public sealed class Provider : IAsyncDisposable
{
    private Provider(string name, FakeService server, string model, params (string Variable, string Value)[] variables)
    {
        (Name, Server, Model) = (name, server, model);
        Variables = variables.ToDictionary(static v => v.Variable, static v => v.Value);
    }

    /// <summary>All whose models have a name.</summary>
    public static string[] Names { get; } = ["openai", "azure", "voyage", "cohere", "ollama", "http"];

    public string Name { get; }

    public FakeService Server { get; }

    public string Model { get; }

    public Dictionary<string, string> Variables { get; }

    /// <summary>An answer in the provider's form that has no vector in it.</summary>
    public string NoVectors =>
        Name switch
        {
            "voyage" => """{"object":"list","data":[],"model":"m","usage":{"total_tokens":1}}""",
            "cohere" => """{"id":"x","response_type":"embeddings_by_type","embeddings":{"base64":[]},"meta":{}}""",
            "ollama" => """{"model":"m","embeddings":[]}""",
            _ => """{"object":"list","model":"m","data":[],"usage":{"prompt_tokens":1,"total_tokens":1}}""",
        };

    public static Provider Start(string name)
    {
        switch (name)
        {
            case "openai":
                var openai = new FakeOpenAI();
                return new(
                    name,
                    openai,
                    "openai:text-embedding-3-large",
                    ("OPENAI_API_KEY", openai.Key),
                    ("OPENAI_BASE_URL", $"{openai.Address}v1")
                )
                {
                    Server = { Dimensions = 3072 },
                };
            case "azure":
                var azure = new FakeAzure { Dimensions = 640 };
                return new(
                    name,
                    azure,
                    "azure:my-embeddings",
                    ("AZURE_OPENAI_API_KEY", azure.Key),
                    ("AZURE_OPENAI_ENDPOINT", azure.Address.ToString())
                );
            case "voyage":
                var voyage = new FakeVoyage { Dimensions = 1536 };
                return new(
                    name,
                    voyage,
                    "voyage:voyage-large-2",
                    ("VOYAGE_API_KEY", voyage.Key),
                    ("VOYAGE_BASE_URL", $"{voyage.Address}v1")
                );
            case "cohere":
                var cohere = new FakeCohere();
                return new(
                    name,
                    cohere,
                    "cohere:embed-english-v3.0",
                    ("COHERE_API_KEY", cohere.Key),
                    ("COHERE_BASE_URL", cohere.Address.ToString())
                );
            case "ollama":
                var ollama = new FakeOllama();
                return new(name, ollama, "ollama:tiny-embed", ("OLLAMA_HOST", ollama.Address.Authority));
            default:
                var own = new FakeOpenAI { Dimensions = 96 };
                return new(name, own, $"{own.Address.AbsoluteUri.TrimEnd('/')}#my/model", ("SEXTANT_COMPATIBLE_API_KEY", own.Key));
        }
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
