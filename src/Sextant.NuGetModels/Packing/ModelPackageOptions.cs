namespace Sextant.NuGetModels;

/// <summary>The metadata of a model package.</summary>
public sealed class ModelPackageOptions
{
    /// <summary>The package's id, for instance <c>Contoso.Support.Embeddings</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its version, for instance <c>1.2.0</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The authors.</summary>
    /// <value>The id when <see langword="null"/>.</value>
    public string? Authors { get; init; }

    /// <summary>One or two sentences.</summary>
    /// <value>What the model is, when <see langword="null"/>.</value>
    public string? Description { get; init; }

    /// <summary>The license as an SPDX expression, for instance <c>Apache-2.0</c>.</summary>
    /// <value>What the model's card says, else its LICENSE file, when <see langword="null"/>.</value>
    public string? License { get; init; }
}
