using NuGet.Versioning;

namespace Sextant.NuGetModels.Packages;

/// <summary>A package on this disk.</summary>
/// <param name="Version">Its version.</param>
/// <param name="File">The <c>.nupkg</c>.</param>
/// <param name="Folder">The folder that it is in.</param>
/// <param name="ContentHash">Its content hash as NuGet noted it.</param>
internal sealed record InstalledPackage(NuGetVersion Version, string File, string Folder, string ContentHash);
