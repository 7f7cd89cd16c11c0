using System.Text.RegularExpressions;
using Sextant.NuGetModels.Packages;

namespace Sextant.NuGetModels.Layouts;

/// <summary>A model as files of a package, in <c>models/…</c>, <c>contentFiles/…</c> or <c>content/…</c>.</summary>
internal static partial class FolderLayout
{
    private static readonly string[] Tops = ["models/", "model/", "contentFiles/", "content/"];

    // What a model is opened by.
    private static readonly string[] Openers = ["model.safetensors", "adapter.safetensors"];

    /// <summary>The files of the model; <see langword="null"/> if the package has none.</summary>
    /// <exception cref="InputException">The package has several models.</exception>
    public static IReadOnlyList<ModelFile>? TryRead(PackageFile package)
    {
        string[] roots =
        [
            .. package
                .Entries.Keys.Where(static path =>
                    Array.Exists(Tops, top => path.StartsWith(top, StringComparison.OrdinalIgnoreCase)) && IsOpener(path)
                )
                .Select(RootOf)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.Ordinal),
        ];
        return roots switch
        {
            [] => null,
            [var root] => Under(package, root),
            _ => throw new InputException(
                $"{package.Name}: the package contains {roots.Length} models ({string.Join(", ", roots)}); a model package "
                    + "contains one"
            ),
        };
    }

    /// <summary>The files under a folder of the package.</summary>
    public static IReadOnlyList<ModelFile> Under(PackageFile package, string root) =>
        [
            .. package
                .Entries.Keys.Where(path => path.StartsWith(root + "/", StringComparison.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal)
                .Select(path => new ModelFile(path[(root.Length + 1)..], () => package.OpenEntry(path))),
        ];

    private static bool IsOpener(string path) =>
        path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
        || Array.Exists(Openers, name => path.EndsWith("/" + name, StringComparison.OrdinalIgnoreCase));

    private static string RootOf(string path)
    {
        string folder = path[..path.LastIndexOf('/')];
        int at = folder.LastIndexOf('/');
        // Graphs are in onnx/, and the modules of sentence-transformers in folders such as 2_Dense/.
        return at > 0 && ModulePattern().IsMatch(folder[(at + 1)..]) ? folder[..at] : folder;
    }

    [GeneratedRegex(@"\A(onnx|[0-9]+_[A-Za-z]+)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ModulePattern();
}
