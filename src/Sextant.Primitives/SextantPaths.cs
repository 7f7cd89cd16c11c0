namespace Sextant;

/// <summary>
/// Where Sextant keeps what it may lose (the embedding cache, and collections made on the fly from plain files),
/// and where it looks for what the user has set.
/// </summary>
public static class SextantPaths
{
    /// <summary>
    /// The cache folder: <c>SEXTANT_CACHE</c> where it is set, else <c>XDG_CACHE_HOME/sextant</c>, else <c>~/.cache/sextant</c>
    /// (on Windows <c>%LOCALAPPDATA%\sextant</c>). Always an absolute path; the folder need not exist yet.
    /// </summary>
    public static string CacheDirectory => ResolveCacheDirectory(Environment.GetEnvironmentVariable);

    /// <summary>
    /// The folder of the user's settings: <c>XDG_CONFIG_HOME/sextant</c>, else <c>~/.config/sextant</c>
    /// (on Windows <c>%APPDATA%\sextant</c>). Need not exist.
    /// </summary>
    public static string ConfigDirectory => ResolveConfigDirectory(Environment.GetEnvironmentVariable);

    /// <summary>
    /// The user's additions to the model catalog: the file named by <c>SEXTANT_CATALOG</c>, or <c>models.json</c> in
    /// <see cref="ConfigDirectory"/> if it exists; otherwise <see langword="null"/>.
    /// </summary>
    public static string? CatalogFile
    {
        get
        {
            if (Environment.GetEnvironmentVariable("SEXTANT_CATALOG") is { Length: > 0 } chosen)
            {
                return Path.GetFullPath(chosen);
            }

            string usual = Path.Combine(ConfigDirectory, "models.json");
            return File.Exists(usual) ? usual : null;
        }
    }

    internal static string ResolveConfigDirectory(Func<string, string?> environment) =>
        environment("XDG_CONFIG_HOME") is { Length: > 0 } xdg && Path.IsPathFullyQualified(xdg)
            ? Path.Combine(xdg, "sextant")
            // On Unix this folder is ~/.config.
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "sextant");

    internal static string ResolveCacheDirectory(Func<string, string?> environment)
    {
        if (environment("SEXTANT_CACHE") is { Length: > 0 } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        // The XDG specification requires programs to ignore a relative path here.
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
