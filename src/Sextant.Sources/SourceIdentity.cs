namespace Sextant.Sources;

/// <summary>A file that is being indexed, as the collection knows it.</summary>
/// <param name="Location">Where its documents are from: its full path, or the name of its source and the way down from there.</param>
/// <param name="Place">The location with every link followed: files with the same place are one.</param>
/// <param name="Prefix">The prefix of the ids generated for its texts.</param>
/// <param name="OtherPrefix">Their prefix if another source already has the id.</param>
/// <param name="UsesOther">Whether the collection holds documents under the other prefix.</param>
internal sealed record SourceIdentity(string Location, string Place, string Prefix, string OtherPrefix, bool UsesOther)
{
    /// <summary>The id for the text that would be called <paramref name="id"/> if that were free.</summary>
    public string OtherId(string id) =>
        // An id made from a very long path is cut, and does not begin with all of it.
        id.StartsWith(Prefix, StringComparison.Ordinal)
            ? OtherPrefix + id[Prefix.Length..]
            : id + OtherPrefix[Prefix.Length..];
}
