namespace Sextant.Sources.Transfer;

/// <summary>What was written.</summary>
/// <param name="Documents">How many documents.</param>
/// <param name="Dimensions">The length of each vector.</param>
/// <param name="Format">In what.</param>
/// <param name="HasIds">Whether the file, or the texts file beside it, says which row is which document.</param>
public sealed record ExportResult(long Documents, int Dimensions, InterchangeFormat Format, bool HasIds);
