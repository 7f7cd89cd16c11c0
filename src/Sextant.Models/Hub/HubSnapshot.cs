namespace Sextant.Models.Hub;

/// <summary>One edition of a repository on the disk, in the layout that the Python tools share.</summary>
/// <param name="Repository">For instance <c>BAAI/bge-m3</c>.</param>
/// <param name="Commit">The commit, 40 hexadecimal digits.</param>
/// <param name="Folder">The folder of its files (links to shared blobs).</param>
public sealed record HubSnapshot(string Repository, string Commit, string Folder);
