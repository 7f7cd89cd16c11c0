namespace Sextant.Hosted;

/// <summary>The variables that hold keys and addresses.</summary>
internal static class Settings
{
    /// <summary>The key for servers that are named by their address; none is sent when it is not set.</summary>
    public const string CompatibleKey = "SEXTANT_COMPATIBLE_API_KEY";

    /// <summary>The variable of a provider's key, or <see langword="null"/> when it takes none.</summary>
    public static string? KeyVariable(string provider) =>
        provider switch
        {
            "openai" => "OPENAI_API_KEY",
            "azure" => "AZURE_OPENAI_API_KEY",
            "voyage" => "VOYAGE_API_KEY",
            "cohere" => "COHERE_API_KEY",
            "jina" => "JINA_API_KEY",
            "http" => CompatibleKey,
            _ => null,
        };

    /// <summary>The variable of a provider's address, or <see langword="null"/> where the model's name holds it.</summary>
    public static string? AddressVariable(string provider) =>
        provider switch
        {
            "openai" => "OPENAI_BASE_URL",
            "azure" => "AZURE_OPENAI_ENDPOINT",
            "voyage" => "VOYAGE_BASE_URL",
            "cohere" => "COHERE_BASE_URL",
            "jina" => "JINA_BASE_URL",
            "ollama" => "OLLAMA_HOST",
            _ => null,
        };

    /// <summary>The provider's key; <see langword="null"/> where none is needed and none is set.</summary>
    /// <exception cref="InputException">It is needed and not set.</exception>
    public static string? Key(HostedModelName name, HostedModelOptions options)
    {
        if (KeyVariable(name.Provider) is not { } variable)
        {
            return null;
        }

        string? key = options.Environment(variable)?.Trim();
        if (!string.IsNullOrEmpty(key))
        {
            return key.AsSpan().ContainsAnyExceptInRange('!', '~')
                ? throw new InputException(
                    $"{variable} contains a character that is not valid in a key; set it again, without quotes or line breaks"
                )
                : key;
        }

        return name.Provider == "http" || options.Offline || options.CountOnly
            ? null
            : throw new InputException($"{name.Full} needs a key: set the environment variable {variable}");
    }

    /// <summary>The address of the service.</summary>
    /// <exception cref="InputException">It is required but not set, or is not a valid address.</exception>
    public static Uri Address(HostedModelName name, HostedModelOptions options, string? key)
    {
        if (name.Server is { } server)
        {
            return server;
        }

        string variable = AddressVariable(name.Provider)!;
        string? set = options.Environment(variable)?.Trim();
        if (string.IsNullOrEmpty(set))
        {
            return Standard(name, key, options, variable);
        }

        // Ollama's own variable is often only a host, or a host and a port, or the address that the server listens on.
        string text = name.Provider == "ollama" ? OllamaAddress(set) : set;
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            ? address
            : throw new InputException($"{variable} is '{set}', which is not an address; write for example https://host/v1");
    }

    private static Uri Standard(HostedModelName name, string? key, HostedModelOptions options, string variable) =>
        name.Provider switch
        {
            "openai" => new Uri("https://api.openai.com/v1"),
            // Keys that MongoDB gave out work only at its own address.
            "voyage" => new Uri(
                key?.StartsWith("al-", StringComparison.Ordinal) == true ? "https://ai.mongodb.com/v1" : "https://api.voyageai.com/v1"
            ),
            "cohere" => new Uri("https://api.cohere.com"),
            "jina" => new Uri("https://api.jina.ai/v1"),
            "ollama" => new Uri("http://127.0.0.1:11434"),
            _ when options.CountOnly || options.Offline => new Uri("https://azure.invalid"),
            _ => throw new InputException(
                $"{name.Full} needs an address: set the environment variable {variable} to https://RESOURCE.openai.azure.com"
            ),
        };

    private static string OllamaAddress(string set)
    {
        string text = set.Contains("://", StringComparison.Ordinal) ? set : $"http://{set}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address))
        {
            return set;
        }

        var builder = new UriBuilder(address);
        bool named = set.Contains($":{address.Port}", StringComparison.Ordinal);
        if (!named && address.Scheme == "http")
        {
            builder.Port = 11434;
        }

        if (builder.Host is "0.0.0.0" or "[::]")
        {
            builder.Host = "127.0.0.1";
        }

        return builder.Uri.AbsoluteUri;
    }
}
