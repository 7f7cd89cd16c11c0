namespace Sextant.Models.Hub;

/// <summary>
/// How models are fetched from a Hugging Face hub. What is not set here comes from the same environment variables that the
/// Python tools read, so that both share one cache, one token and one switch.
/// </summary>
public sealed class HubOptions
{
    /// <summary>
    /// Sends nothing at all: only what is in the cache can be opened. Also on when <c>HF_HUB_OFFLINE</c> or
    /// <c>TRANSFORMERS_OFFLINE</c> is 1, ON, YES or TRUE.
    /// </summary>
    public bool Offline { get; init; }

    /// <summary>Where the hub is. By default <c>HF_ENDPOINT</c>, else https://huggingface.co.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>
    /// The cache folder. By default <c>HF_HUB_CACHE</c>, else <c>HUGGINGFACE_HUB_CACHE</c>, else <c>hub</c> in <c>HF_HOME</c>,
    /// else <c>~/.cache/huggingface/hub</c>.
    /// </summary>
    public string? CacheDirectory { get; init; }

    /// <summary>
    /// The access token, for private and gated repositories. By default <c>HF_TOKEN</c>, else the file that <c>HF_TOKEN_PATH</c>
    /// names, else <c>token</c> in <c>HF_HOME</c>. It is sent to <see cref="Endpoint"/> only, and never logged or stored.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>Is told how far a download is; from any thread.</summary>
    public IProgress<HubProgress>? Progress { get; init; }

    /// <summary>How long the first wait before a repeated request is; each further one is twice as long.</summary>
    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long nothing may arrive before a request is given up and repeated.</summary>
    internal TimeSpan? Patience { get; init; }

    /// <summary>How long the hub may take to answer at all before it counts as unreachable, asked once; asked again and again when <see langword="null"/>.</summary>
    internal TimeSpan? FirstPatience { get; init; }

    /// <summary>The same for a model that can be had elsewhere as well: nobody waits long for a hub that does not answer.</summary>
    internal HubOptions ForOneAttempt() => new()
    {
        Offline = Offline,
        Endpoint = Endpoint,
        CacheDirectory = CacheDirectory,
        Token = Token,
        Progress = Progress,
        RetryDelay = RetryDelay,
        Patience = Patience,
        FirstPatience = TimeSpan.FromSeconds(5),
    };
}
