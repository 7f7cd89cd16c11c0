namespace Sextant.Search;

/// <summary>The result of copying a collection.</summary>
/// <param name="Location">The location of the copy, without a password.</param>
/// <param name="Documents">How many documents both collections hold.</param>
/// <param name="Copied">How many were written.</param>
/// <param name="AlreadyThere">The number of identical documents that already existed from an earlier copy.</param>
/// <param name="Compared">How many were read again from the copy and found the same to the last bit.</param>
public sealed record CopyResult(string Location, long Documents, long Copied, long AlreadyThere, int Compared);
