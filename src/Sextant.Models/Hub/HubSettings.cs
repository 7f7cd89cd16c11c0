using System.Globalization;

namespace Sextant.Models.Hub;

/// <summary>The settings of the hub, from the options and the environment.</summary>
internal sealed record HubSettings
{
    private static readonly string[] Yes = ["1", "ON", "YES", "TRUE"];

    public required Uri Endpoint { get; init; }

    public required string CacheDirectory { get; init; }

    public required bool Offline { get; init; }

    /// <summary>Data sets, which have separate URLs and folders, instead of models.</summary>
    public bool DataSets { get; init; }

    /// <summary>The hub's name for the kind of repository.</summary>
    public string Kind => DataSets ? "datasets" : "models";

    /// <summary>Never shown in a message.</summary>
    public string? Token { get; init; }

    /// <summary>Whether snapshots link to blobs; otherwise the snapshot holds the files.</summary>
    public bool UseLinks { get; init; } = true;

    public IProgress<HubProgress>? Progress { get; init; }

    public TimeSpan RetryDelay { get; init; }

    public TimeSpan Patience { get; init; }

    public TimeSpan? FirstPatience { get; init; }

    /// <exception cref="InputException">A variable makes no sense.</exception>
    public static HubSettings Resolve(HubOptions options, Func<string, string?> environment)
    {
        string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;
        bool Flag(string name) => Variable(name) is { } value && Yes.Contains(value.ToUpperInvariant());

        string profile = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string home =
            Expand(Variable("HF_HOME"), profile)
            ?? Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(profile, ".cache"), "huggingface");
        string cache =
            options.CacheDirectory
            ?? Expand(Variable("HF_HUB_CACHE") ?? Variable("HUGGINGFACE_HUB_CACHE"), profile)
            ?? Path.Combine(home, "hub");
        string tokenFile = Expand(Variable("HF_TOKEN_PATH"), profile) ?? Path.Combine(home, "token");
        return new HubSettings
        {
            Endpoint = options.Endpoint ?? ParseEndpoint(Variable("HF_ENDPOINT") ?? "https://huggingface.co"),
            CacheDirectory = Path.GetFullPath(cache),
            Offline = options.Offline || Flag("HF_HUB_OFFLINE") || Flag("TRANSFORMERS_OFFLINE"),
            Token =
                options.Token
                ?? (
                    Flag("HF_HUB_DISABLE_IMPLICIT_TOKEN")
                        ? null
                        : Clean(Variable("HF_TOKEN") ?? Variable("HUGGING_FACE_HUB_TOKEN")) ?? ReadToken(tokenFile)
                ),
            UseLinks = !Flag("HF_HUB_DISABLE_SYMLINKS"),
            Progress = options.Progress,
            RetryDelay = options.RetryDelay,
            FirstPatience = options.FirstPatience,
            Patience = options.Patience ?? ParseSeconds("HF_HUB_DOWNLOAD_TIMEOUT", Variable("HF_HUB_DOWNLOAD_TIMEOUT")),
        };
    }

    private static Uri ParseEndpoint(string text) =>
        Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new InputException($"HF_ENDPOINT is '{text}', which is not an http or https address");

    private static TimeSpan ParseSeconds(string name, string? text) =>
        text is null ? TimeSpan.FromSeconds(10)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 86_400
            ? TimeSpan.FromSeconds(seconds)
        : throw new InputException($"{name} is '{text}'; it must be a number of seconds");

    private static string? Expand(string? path, string home) => path is ['~'] or ['~', '/', ..] ? home + path[1..] : path;

    private static string? ReadToken(string path)
    {
        try
        {
            // A token has about 40 characters; a longer file is something else.
            return File.Exists(path) && new FileInfo(path).Length < 4096 ? Clean(File.ReadAllText(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Line ends come along when a token is pasted, and a header cannot hold them.
    private static string? Clean(string? token) =>
        token?.Trim() is { Length: > 0 } trimmed && trimmed.All(char.IsAscii) && !trimmed.Any(char.IsControl) ? trimmed : null;
}
