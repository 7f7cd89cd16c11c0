namespace Sextant.Search.Storage.Local;

/// <summary>
/// Another file has taken the place of the database while it was being read or written; a reader begins again with the new one.
/// </summary>
internal sealed class CollectionReplacedException(string collection)
    : SextantException($"{collection} was replaced by another collection during this write; nothing of it was stored; try again");
