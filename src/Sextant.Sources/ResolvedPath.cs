namespace Sextant.Sources;

/// <summary>
/// Finds where a path leads: the full path with every link on the way followed, so that two spellings of one place are equal.
/// </summary>
internal static class ResolvedPath
{
    /// <summary>Limits cycles of links.</summary>
    private const int MaxLinks = 40;

    /// <summary>The resolved path; parts that do not exist are kept unchanged.</summary>
    public static string Resolve(string path) => Resolve(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), MaxLinks);

    private static string Resolve(string full, int links)
    {
        string root = Path.GetPathRoot(full) ?? "";
        string resolved = root;
        foreach (string part in full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(resolved, part);
            resolved = links > 0 && TargetOf(next) is { } target ? Resolve(Path.GetFullPath(target, resolved), --links) : next;
        }

        return resolved;
    }

    private static string? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
