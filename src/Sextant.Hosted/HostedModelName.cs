namespace Sextant.Hosted;

/// <summary>A hosted model's name, taken apart.</summary>
/// <param name="Full">As the user wrote it.</param>
/// <param name="Provider"><c>openai</c>, <c>azure</c>, <c>voyage</c>, <c>cohere</c>, <c>jina</c>, <c>ollama</c> or <c>http</c>.</param>
/// <param name="Model">The service's name of the model.</param>
/// <param name="Server">The address in the name itself, for <c>http</c>.</param>
internal sealed record HostedModelName(string Full, string Provider, string Model, Uri? Server)
{
    private static readonly string[] Prefixes = ["openai", "azure", "voyage", "cohere", "jina", "ollama"];

    /// <summary>Whether <paramref name="name"/> begins as a hosted model's does.</summary>
    public static bool Matches(string name) => IsUrl(name) || Array.Exists(Prefixes, prefix => HasPrefix(name, prefix));

    /// <exception cref="InputException">The name is not complete.</exception>
    public static HostedModelName Parse(string name)
    {
        if (IsUrl(name))
        {
            return ParseUrl(name);
        }

        string provider = Array.Find(Prefixes, prefix => HasPrefix(name, prefix))!;
        string model = name[(provider.Length + 1)..].Trim();
        return model.Length > 0
            ? new HostedModelName(name, provider, model, null)
            : throw new InputException($"'{name}' has no model name; write for example {Example(provider)}");
    }

    private static HostedModelName ParseUrl(string name)
    {
        if (!Uri.TryCreate(name, UriKind.Absolute, out Uri? url))
        {
            throw new InputException($"'{name}' is not an address; write http://HOST:PORT#MODEL");
        }

        string model = Uri.UnescapeDataString(url.Fragment.TrimStart('#'));
        if (model.Length == 0)
        {
            throw new InputException($"'{name}' names a server but no model; write {name.TrimEnd('#')}#MODEL");
        }

        // Names are stored in collections and printed in messages: no place for a password.
        if (url.UserInfo.Length > 0 || url.Query.Length > 0)
        {
            throw new InputException($"a model's address must not contain a password or query; put a key into {Settings.CompatibleKey}");
        }

        // The OpenAI SDK appends /embeddings to its base address, which ends in /v1 on every server that copies OpenAI.
        string path = url.AbsolutePath.TrimEnd('/');
        var server = new UriBuilder(url) { Fragment = "", Path = path.Length == 0 ? "/v1" : path };
        return new HostedModelName(name, "http", model, server.Uri);
    }

    private static bool IsUrl(string name) =>
        name.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || name.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static bool HasPrefix(string name, string prefix) =>
        name.Length > prefix.Length && name[prefix.Length] == ':' && name.StartsWith(prefix, StringComparison.Ordinal);

    private static string Example(string provider) =>
        provider switch
        {
            "openai" => "openai:text-embedding-3-small",
            "azure" => "azure:DEPLOYMENT",
            "voyage" => "voyage:voyage-4",
            "cohere" => "cohere:embed-v4.0",
            "jina" => "jina:jina-reranker-v3",
            _ => "ollama:nomic-embed-text",
        };
}
