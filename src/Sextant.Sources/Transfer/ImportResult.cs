namespace Sextant.Sources.Transfer;

/// <summary>What was taken in.</summary>
/// <param name="Added">Documents that are new.</param>
/// <param name="Updated">Documents that replaced one with their id.</param>
/// <param name="Unchanged">Documents that were there already.</param>
/// <param name="Total">How many documents the collection holds now.</param>
/// <param name="Dimensions">The length of each vector.</param>
/// <param name="Model">The model of the collection; <c>vectors</c> where none is known.</param>
/// <param name="KeptGraph">Whether the file's own graph is searched now; <see langword="false"/> where one was built, or there was none.</param>
/// <param name="Notice">What a user should know, such as why the file's graph was not kept; <see langword="null"/> when there is nothing to say.</param>
public sealed record ImportResult(
    long Added, long Updated, long Unchanged, long Total, int Dimensions, string Model, bool KeptGraph, string? Notice);
