namespace Sextant.Search.Updates;

/// <summary>The effect of an update of metadata.</summary>
/// <param name="Matched">How many documents were selected.</param>
/// <param name="Updated">How many of them have other metadata now, or would have after a dry run.</param>
public readonly record struct MetadataUpdate(int Matched, int Updated);
