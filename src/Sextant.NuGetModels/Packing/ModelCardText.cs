using NuGet.Packaging;
using NuGet.Packaging.Licenses;

namespace Sextant.NuGetModels.Packing;

/// <summary>What a model's own card (README.md) gives its package: the readme, and the license that its front matter names.</summary>
/// <param name="Readme">The card without its front matter; <see langword="null"/> when there is no card.</param>
/// <param name="License">The license of the front matter.</param>
internal sealed record ModelCardText(string? Readme, string? License)
{
    private const string Fence = "---";

    // A readme on a feed is for human readers, who do not read more.
    private const int MaxBytes = 1 << 20;

    // Cards of the hub write licenses in lower case.
    private static readonly string[] Usual =
    [
        "Apache-2.0",
        "MIT",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC-BY-4.0",
        "CC-BY-SA-4.0",
        "CC-BY-NC-4.0",
        "CC0-1.0",
        "GPL-3.0-only",
        "AGPL-3.0-only",
        "LGPL-3.0-only",
        "MPL-2.0",
        "Unlicense",
    ];

    private static readonly string[] LicenseFiles = ["LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE"];

    public static ModelCardText Read(string folder)
    {
        string path = Path.Combine(folder, "README.md");
        if (!File.Exists(path) || new FileInfo(path).Length > MaxBytes)
        {
            return new ModelCardText(null, null);
        }

        string[] lines = File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n');
        int end = lines[0].TrimEnd() == Fence ? Array.FindIndex(lines, 1, static line => line.TrimEnd() == Fence) : -1;
        string? named = lines
            .Take(Math.Max(end, 0))
            .FirstOrDefault(static line => line.StartsWith("license:", StringComparison.Ordinal))
            ?["license:".Length..].Trim()
            .Trim('"', '\'');
        string readme = string.Join('\n', lines.Skip(end + 1)).Trim('\n') + "\n";
        return new ModelCardText(
            readme,
            named is null ? null : Array.Find(Usual, u => u.Equals(named, StringComparison.OrdinalIgnoreCase))
        );
    }

    /// <summary>Sets the package's license: the one that is asked for, the card's, or the model's license file.</summary>
    /// <exception cref="InputException">It is not an SPDX expression.</exception>
    public void AddLicense(ManifestMetadata manifest, string? asked, IReadOnlyList<PackedFile> files)
    {
        if ((asked ?? License) is { } expression)
        {
            try
            {
                manifest.LicenseMetadata = new LicenseMetadata(
                    LicenseType.Expression,
                    expression,
                    NuGetLicenseExpression.Parse(expression),
                    [],
                    LicenseMetadata.EmptyVersion
                );
            }
            catch (NuGetLicenseExpressionParsingException e)
            {
                throw new InputException($"'{expression}' is not an SPDX license expression, such as Apache-2.0 or MIT: {e.Message}", e);
            }
        }
        else if (Array.Find(LicenseFiles, name => files.Any(f => f.Path == name)) is { } file)
        {
            manifest.LicenseMetadata = new LicenseMetadata(LicenseType.File, file, null, [], LicenseMetadata.EmptyVersion);
        }
    }
}
