using System.Globalization;

namespace Sextant;

/// <summary>
/// The common code of all readers of other programs' files: opening, rejecting, and checking sizes before memory is allocated.
/// </summary>
internal static class InterchangeFile
{
    public static FileStream Open(string path)
    {
        try
        {
            return LfsPointer.Refuse(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 18, FileOptions.SequentialScan),
                path
            );
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: no such file; give the path of a file with vectors", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new InputException($"{path}: cannot be opened ({e.Message})", e);
        }
    }

    public static InputException Damaged(string path, string what) =>
        new($"{path}: {what}; the file is damaged or of another kind, write it again");

    /// <summary>How many values <paramref name="count"/> rows have, when that many fit into one array.</summary>
    public static int Values(string path, long count, long width)
    {
        if (count < 0 || width < 0 || (width > 0 && count > Array.MaxLength / width))
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: {count} vectors of {width} values are more than can be held at once; split the file"
                )
            );
        }

        return (int)(count * width);
    }
}
