namespace Sextant.Search.Storage;

/// <summary>Vectors that a collection keeps in addition to those that are searched.</summary>
public enum VectorRole
{
    /// <summary>Those of an unfinished replacement.</summary>
    Next = 0,

    /// <summary>Those that the last replacement took out of use, for going back.</summary>
    Previous = 1,
}
