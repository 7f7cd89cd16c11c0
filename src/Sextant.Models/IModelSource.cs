namespace Sextant.Models;

/// <summary>
/// A provider whose models are folders that are downloaded once: a hub, a package feed. <see cref="ModelRegistry"/> opens the folders with
/// the provider that handles them.
/// </summary>
public interface IModelSource : IModelProvider
{
    /// <summary>
    /// Where the model is on this disk: its folder, or a package that is not unpacked yet; <see langword="null"/> when it is not here.
    /// Sends nothing.
    /// </summary>
    /// <exception cref="InputException">The name is not well formed.</exception>
    string? Locate(string name);

    /// <summary>The model's folder if it is on disk, unpacked if needed; sends no request.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="cancellationToken">Cancels unpacking.</param>
    /// <exception cref="InputException">The name is not well formed, or the files on disk are damaged.</exception>
    Task<ModelFolder?> FindAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>The model's folder on disk, downloaded if missing.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <exception cref="InputException">The model does not exist, or the source is offline; the message says what to do.</exception>
    /// <exception cref="SextantException">The source is unreachable, or a file differs from its announced size or hash.</exception>
    Task<ModelFolder> GetAsync(string name, CancellationToken cancellationToken = default);
}
