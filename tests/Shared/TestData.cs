namespace Sextant.Tests.Shared;

/// <summary>The folder of public data sets that some tests measure with. It is not part of the repository.</summary>
internal static class TestData
{
    /// <summary>
    /// Where it is: <c>SEXTANT_DATA</c>, or <c>../shared/data</c> next to the repository; <see langword="null"/> when absent.
    /// </summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("SEXTANT_DATA") is { Length: > 0 } chosen)
        {
            return Directory.Exists(chosen) ? chosen : null;
        }

        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Sextant.slnx")))
            {
                string folder = Path.GetFullPath(Path.Combine(directory.FullName, "..", "shared", "data"));
                return Directory.Exists(folder) ? folder : null;
            }
        }

        return null;
    }
}
