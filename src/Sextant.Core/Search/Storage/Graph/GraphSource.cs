using Sextant.Files;

namespace Sextant.Search.Storage.Graph;

/// <summary>What a graph was loaded from. One that differs in anything says nothing of the documents in another.</summary>
/// <param name="File">The database's file.</param>
/// <param name="Generation">What marks the contents of the file from the moment it was made or restored; older ones have none.</param>
/// <param name="Fingerprint">The model of the vectors.</param>
internal sealed record GraphSource(FileIdentity File, string? Generation, string Fingerprint);
