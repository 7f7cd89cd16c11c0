namespace Sextant;

/// <summary>Failures to write a file that is given its name only when it is whole.</summary>
internal static class WriteFailure
{
    /// <summary>
    /// <paramref name="failure"/> as the user needs to hear it: with the name of the file that was asked for, not of the temporary one;
    /// <see langword="null"/> when it does not name the temporary one.
    /// </summary>
    public static Exception? Naming(string path, string temporary, Exception failure)
    {
        if (failure is not (IOException or UnauthorizedAccessException) || !failure.Message.Contains(temporary, StringComparison.Ordinal)) return null;
        string message = failure.Message.Replace(temporary, path, StringComparison.Ordinal);
        return failure is IOException ? new IOException(message, failure) { HResult = failure.HResult } : new UnauthorizedAccessException(message, failure);
    }
}
