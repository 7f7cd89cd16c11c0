namespace Sextant;

/// <summary>
/// Recognizes a Git LFS pointer: the three lines that stand in a checkout for a large file that was not fetched
/// (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
/// </summary>
internal static class LfsPointer
{
    /// <summary>The specification's limit.</summary>
    private const int MaxBytes = 1024;

    /// <summary>Returns <paramref name="file"/>, at its start, if it is not a pointer; otherwise disposes it and throws.</summary>
    /// <param name="file">A file that can seek.</param>
    /// <param name="path">Names it in the message.</param>
    /// <exception cref="InputException">It is a pointer.</exception>
    public static T Refuse<T>(T file, string path)
        where T : Stream
    {
        ReadOnlySpan<byte> beginning = "version https://git-lfs.github.com/spec/v1"u8;
        if (!file.CanSeek || file.Length > MaxBytes || file.Length < beginning.Length)
            return file;
        Span<byte> first = stackalloc byte[beginning.Length];
        int read = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (!first[..read].SequenceEqual(beginning))
            return file;
        file.Dispose();
        throw new InputException($"{path}: this is a Git LFS pointer, not the file itself; fetch the file with: git lfs pull");
    }

    /// <summary>The same check for a file that other code will open; a missing file is ignored.</summary>
    /// <exception cref="InputException">It is a pointer.</exception>
    public static void Refuse(string path)
    {
        if (new FileInfo(path) is not { Exists: true, Length: <= MaxBytes })
            return;
        using FileStream file = File.OpenRead(path);
        Refuse(file, path);
    }
}
