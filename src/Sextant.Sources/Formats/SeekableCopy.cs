namespace Sextant.Sources.Formats;

/// <summary>Lets a source be read twice that can be read only once, such as a pipe.</summary>
internal static class SeekableCopy
{
    /// <summary>
    /// The stream itself where it can go back to its beginning, else a copy in a temporary file that vanishes when it is closed.
    /// </summary>
    public static Stream Create(Stream stream)
    {
        if (stream.CanSeek)
            return stream;
        string path = Path.Combine(Path.GetTempPath(), $"sextant-source-{Guid.NewGuid():N}.tmp");
        FileStream copy = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            stream.CopyTo(copy);
            copy.Position = 0;
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }
}
