namespace Sextant.Search.Storage;

/// <summary>The files of an open collection are no longer where they were.</summary>
internal sealed class CollectionRemovedException(string collection) : SextantException(
    $"{collection}: the collection's files were removed; bring them back, or make the collection again");
