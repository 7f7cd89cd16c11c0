namespace Sextant.Search.Storage;

/// <summary>Vectors that a collection keeps besides those that are searched.</summary>
internal enum VectorRole
{
    /// <summary>Of an unfinished replacement.</summary>
    Next,

    /// <summary>What the last replacement left, for going back.</summary>
    Previous,
}
