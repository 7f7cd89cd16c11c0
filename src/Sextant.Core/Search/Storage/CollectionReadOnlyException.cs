namespace Sextant.Search.Storage;

/// <summary>The collection was opened read-only, or is in a location where this process cannot write.</summary>
internal sealed class CollectionReadOnlyException(string message) : SextantException(message)
{
    /// <summary>For a collection that was opened read-only on request.</summary>
    public static CollectionReadOnlyException Asked(string collection) =>
        new($"{collection} was opened read-only, and cannot be changed; open it without that to write");

    /// <summary>For a place where this process cannot write.</summary>
    public static CollectionReadOnlyException Protected(string collection) =>
        new($"{collection} cannot be written: it is on a read-only file system, or this user lacks write permission for its folder and files");
}
