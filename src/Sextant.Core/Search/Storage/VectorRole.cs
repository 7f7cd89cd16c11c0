namespace Sextant.Search.Storage;

/// <summary>Vectors that a collection stores in addition to the searched ones.</summary>
internal enum VectorRole
{
    /// <summary>Of an unfinished replacement.</summary>
    Next,

    /// <summary>What the last replacement left, for going back.</summary>
    Previous,
}
