namespace Sextant.Sources.Transfer;

/// <summary>The result of an export.</summary>
/// <param name="Documents">The number of documents.</param>
/// <param name="Dimensions">The length of each vector.</param>
/// <param name="Format">The format of the file.</param>
/// <param name="HasIds">Whether the file, or its texts file, maps rows to documents.</param>
public sealed record ExportResult(long Documents, int Dimensions, InterchangeFormat Format, bool HasIds);
