namespace Sextant.Models;

/// <summary>
/// A provider whose models are folders of files that are fetched once: a hub, a package feed. <see cref="ModelRegistry"/> opens
/// the folders with whichever of its other providers handles them.
/// </summary>
public interface IModelSource : IModelProvider
{
    /// <summary>Where the model is on this disk: its folder, or a package that is not unpacked yet; <see langword="null"/> when it is not here. Sends nothing.</summary>
    /// <exception cref="InputException">The name is not well formed.</exception>
    string? Locate(string name);

    /// <summary>The model's folder where it is on this disk already, unpacked if need be; sends nothing.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="cancellationToken">Stops unpacking.</param>
    /// <exception cref="InputException">The name is not well formed, or what is on the disk is damaged.</exception>
    Task<ModelFolder?> FindAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>The model's folder: the one on this disk where there is one, else fetched once.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="cancellationToken">Stops fetching.</param>
    /// <exception cref="InputException">There is no such model, or nothing may be sent; the message says what to do.</exception>
    /// <exception cref="SextantException">It cannot be reached, or what arrives is not what was announced.</exception>
    Task<ModelFolder> GetAsync(string name, CancellationToken cancellationToken = default);
}
