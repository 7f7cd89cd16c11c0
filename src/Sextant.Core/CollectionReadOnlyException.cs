namespace Sextant;

/// <summary>The collection was opened read-only, or is stored where this process cannot write.</summary>
public sealed class CollectionReadOnlyException : SextantException
{
    /// <summary>Creates the exception with a message that names the collection.</summary>
    public CollectionReadOnlyException(string message)
        : base(message) { }

    /// <summary>Creates the exception with a message that names the collection, and the cause.</summary>
    public CollectionReadOnlyException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>Creates the exception without a specific message.</summary>
    public CollectionReadOnlyException() { }

    /// <summary>For a collection that was opened read-only on request.</summary>
    internal static CollectionReadOnlyException Asked(string collection) =>
        new($"{collection} was opened read-only and cannot be changed; open it for writing");

    /// <summary>For a location where this process cannot write.</summary>
    internal static CollectionReadOnlyException Protected(string collection, Exception? innerException = null) =>
        new(
            $"{collection} cannot be written: it is on a read-only file system, or this user lacks write permission for its folder and "
                + $"files",
            innerException
        );
}
