using Sextant.Models;
using Sextant.Search;

namespace Sextant;

/// <summary>What a host offers of Sextant. Simple enough to be bound from a section of the configuration.</summary>
public sealed class SextantOptions
{
    /// <summary>
    /// The model that texts are embedded with and new collections are made with, by name. An existing collection keeps its own.
    /// </summary>
    /// <value>The built-in one.</value>
    public string? Model { get; set; }

    /// <summary>Cut vectors to this length; the model's own when <see langword="null"/>.</summary>
    public int? Dimensions { get; set; }

    /// <summary>
    /// The folder whose sub-folders are the collections, or a location that one of the <see cref="CollectionProviders"/> knows.
    /// </summary>
    /// <value>The current folder.</value>
    public string Collections { get; set; } = ".";

    /// <summary>
    /// The name of the collection that is offered without a key, made when it is not there; none when <see langword="null"/>.
    /// </summary>
    public string? Collection { get; set; }

    /// <summary>Whether vectors of texts are kept on disk, so that no text is computed or paid for twice.</summary>
    /// <value><see langword="true"/>.</value>
    public bool UseCache { get; set; } = true;

    /// <summary>The registry that opens models by name.</summary>
    /// <value><see cref="ModelRegistry.Default"/>.</value>
    public ModelRegistry Models { get; set; } = ModelRegistry.Default;

    /// <summary>The providers for collections outside the file system.</summary>
    /// <value>None.</value>
    public IReadOnlyList<CollectionProvider> CollectionProviders { get; set; } = [];
}
