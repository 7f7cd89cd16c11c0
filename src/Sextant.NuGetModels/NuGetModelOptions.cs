using Microsoft.Extensions.Logging;
using Sextant.Models.Hub;

namespace Sextant.NuGetModels;

/// <summary>
/// How models are fetched from NuGet feeds. Feeds, credentials, source mapping, trusted signers and the global packages folder are the
/// user's own, from the hierarchy of <c>nuget.config</c> files and the variables that <c>dotnet restore</c> reads.
/// </summary>
public sealed class NuGetModelOptions
{
    /// <summary>
    /// Sends nothing at all: only packages on this disk can be opened, in the global packages folder, in feeds that are folders, or
    /// unpacked before. Also on when <c>HF_HUB_OFFLINE</c> or <c>TRANSFORMERS_OFFLINE</c> is 1, ON, YES or TRUE.
    /// </summary>
    public bool Offline { get; init; }

    /// <summary>The folder where the upward search for <c>nuget.config</c> starts.</summary>
    /// <value>The current directory when <see langword="null"/>.</value>
    public string? ConfigDirectory { get; init; }

    /// <summary>The folder of unpacked models.</summary>
    /// <value><c>models/nuget</c> in <see cref="SextantPaths.CacheDirectory"/> when <see langword="null"/>.</value>
    public string? CacheDirectory { get; init; }

    /// <summary>The most bytes that a package may hold, packed or unpacked.</summary>
    /// <value>8 GiB.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public long MaxBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 8L << 30;

    /// <summary>Receives download progress, on any thread. The total is 0 while it is unknown.</summary>
    public IProgress<HubProgress>? Progress { get; init; }

    /// <summary>Gets NuGet's own messages, for instance about signatures.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
