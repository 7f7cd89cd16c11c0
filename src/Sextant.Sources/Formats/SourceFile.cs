using Sextant.Sources.Reading;

namespace Sextant.Sources.Formats;

/// <summary>A file that a source names, itself or by the folder that it is in.</summary>
/// <param name="Path">The path as given, or the folder as given with the way down to the file.</param>
/// <param name="Folder">The folder as given that it was found in, or <see langword="null"/> when it was named itself.</param>
internal readonly record struct SourceFile(string Path, string? Folder)
{
    /// <summary>Whether it was found in a folder.</summary>
    public bool InFolder => Folder is not null;

    /// <summary>The files of <paramref name="source"/>, in ordinal order.</summary>
    /// <exception cref="InputException">There is nothing of that name, or nothing that can be read.</exception>
    public static IEnumerable<SourceFile> Enumerate(
        string source,
        SourceReaderOptions options,
        Action<string?> ignored,
        Action<SkippedRow> skipped
    )
    {
        if (source == SourceReader.StandardInput)
            return [new(source, null)];
        if (source.Length == 0 || source.Contains('\0'))
            throw new InputException("a source is empty; give a file, a folder, or - for standard input");
        if (Directory.Exists(source))
            return Within(source, source, FolderFilter.Create(source, options), options.SkipBad, ignored, skipped);
        if (!File.Exists(source))
            throw new InputException($"{source}: no such file or folder; check the path");
        if (!SourceFormats.Reads(source))
            throw new InputException($"{source}: unsupported file type; convert it to one of {SourceFormats.Extensions}");
        return [new(source, null)];
    }

    private static IEnumerable<SourceFile> Within(
        string root,
        string folder,
        FolderFilter filter,
        bool skipBad,
        Action<string?> ignored,
        Action<SkippedRow> skipped
    )
    {
        FileSystemInfo[] entries;
        try
        {
            entries = new DirectoryInfo(folder).GetFileSystemInfos();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!skipBad)
                throw new InputException($"{folder}: the folder cannot be listed ({e.Message}); change its permissions", e);
            skipped(new(folder, 0, $"the folder cannot be listed ({e.Message})"));
            yield break;
        }

        // A folder sorts as its files do, by the path with a slash, so that the order is that of the full paths.
        foreach (FileSystemInfo entry in entries.OrderBy(e => e is DirectoryInfo ? e.Name + '/' : e.Name, StringComparer.Ordinal))
        {
            string path = System.IO.Path.Combine(folder, entry.Name);
            if (!HasUsableName(entry, path))
            {
                ignored(
                    $"{path.Replace("\uFFFD", "\\uFFFD", StringComparison.Ordinal)}: the name is not UTF-8, so the file cannot be opened "
                        + "and was skipped; rename it"
                );
            }
            else if (entry is DirectoryInfo)
            {
                // Links to folders could form a cycle.
                if (IsHidden(entry) || entry.LinkTarget is not null || !filter.IsWanted(path, isFolder: true))
                    continue;
                foreach (SourceFile file in Within(root, path, filter.Enter(path), skipBad, ignored, skipped))
                    yield return file;
            }
            else if (IsHidden(entry) || !SourceFormats.Reads(entry.Name) || !filter.IsWanted(path, isFolder: false))
            {
                ignored(null);
            }
            else
            {
                yield return new(path, root);
            }
        }
    }

    // A name with invalid bytes is listed with U+FFFD in their place, and cannot be opened.
    private static bool HasUsableName(FileSystemInfo entry, string path) =>
        !entry.Name.Contains('\uFFFD', StringComparison.Ordinal) || (entry is DirectoryInfo ? Directory.Exists(path) : File.Exists(path));

    private static bool IsHidden(FileSystemInfo entry) =>
        entry.Name.StartsWith('.') || (OperatingSystem.IsWindows() && entry.Attributes.HasFlag(FileAttributes.Hidden));
}
