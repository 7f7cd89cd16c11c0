namespace Sextant;

/// <summary>The files of an open collection are no longer where they were.</summary>
public sealed class CollectionRemovedException : SextantException
{
    /// <summary>Creates the exception with a message that names the collection.</summary>
    public CollectionRemovedException(string message)
        : base(message) { }

    /// <summary>Creates the exception with a message that names the collection, and the cause.</summary>
    public CollectionRemovedException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>Creates the exception without a specific message.</summary>
    public CollectionRemovedException() { }

    internal static CollectionRemovedException Create(string collection, Exception? innerException = null) =>
        new($"{collection}: the collection's files were deleted; restore them, or create the collection again", innerException);
}
