namespace Sextant.NuGetModels.Layouts;

/// <summary>One file of a model inside of a package.</summary>
/// <param name="Path">Its path in the model's folder, with forward slashes.</param>
/// <param name="Open">Opens it for reading.</param>
/// <param name="Sha256">The hash that the package says it has; <see langword="null"/> where it says none.</param>
internal sealed record ModelFile(string Path, Func<Stream> Open, string? Sha256 = null);
