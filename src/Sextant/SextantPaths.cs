namespace Sextant;

/// <summary>Where Sextant keeps what it may lose: the embedding cache, and collections made on the fly from plain files.</summary>
public static class SextantPaths
{
    /// <summary>
    /// The cache folder: <c>SEXTANT_CACHE</c> where it is set, else <c>XDG_CACHE_HOME/sextant</c>, else <c>~/.cache/sextant</c>
    /// (on Windows <c>%LOCALAPPDATA%\sextant</c>). Always an absolute path; the folder need not exist yet.
    /// </summary>
    public static string CacheDirectory => ResolveCacheDirectory(Environment.GetEnvironmentVariable);

    internal static string ResolveCacheDirectory(Func<string, string?> environment)
    {
        if (environment("SEXTANT_CACHE") is { Length: > 0 } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        // The XDG specification tells programs to ignore a relative path here.
        if (environment("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathFullyQualified(xdg))
        {
            return Path.Combine(xdg, "sextant");
        }

        if (OperatingSystem.IsWindows())
        {
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "sextant");
        }

        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        // A service account may have no home; its cache then lives as long as the machine's temporary files.
        return home.Length > 0 ? Path.Combine(home, ".cache", "sextant") : Path.Combine(Path.GetTempPath(), "sextant-cache");
    }
}
