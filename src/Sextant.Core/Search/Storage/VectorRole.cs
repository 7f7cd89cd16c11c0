namespace Sextant.Search.Storage;

/// <summary>Vectors that a collection stores in addition to the searched ones.</summary>
internal enum VectorRole
{
    /// <summary>The vectors of an unfinished replacement.</summary>
    Next,

    /// <summary>The vectors that the last replacement kept, to allow a return to them.</summary>
    Previous,
}
