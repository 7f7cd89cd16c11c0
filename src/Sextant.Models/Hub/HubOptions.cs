namespace Sextant.Models.Hub;

/// <summary>
/// Options for downloading models from a Hugging Face hub. Unset options come from the environment variables of the Python tools, so that
/// both share the cache, the token and the offline switch.
/// </summary>
public sealed class HubOptions
{
    /// <summary>
    /// Sends no requests: only cached models can be opened. Also on when <c>HF_HUB_OFFLINE</c> or <c>TRANSFORMERS_OFFLINE</c> is 1, ON, YES
    /// or TRUE.
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

    /// <summary>Receives download progress, on any thread.</summary>
    public IProgress<HubProgress>? Progress { get; init; }

    /// <summary>How long the first wait before a repeated request is; each further one is twice as long.</summary>
    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long a request may receive no data before it is aborted and retried.</summary>
    internal TimeSpan? Patience { get; init; }

    /// <summary>
    /// How long the hub may take to answer at all before it counts as unreachable, asked once; asked again and again when
    /// <see langword="null"/>.
    /// </summary>
    internal TimeSpan? FirstPatience { get; init; }

    /// <summary>The same options for a model that is also available elsewhere: an unresponsive hub does not cause a long wait.</summary>
    internal HubOptions ForOneAttempt() =>
        new()
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
