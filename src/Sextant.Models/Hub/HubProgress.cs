namespace Sextant.Models.Hub;

/// <summary>How far the download of a model is.</summary>
/// <param name="Model">The model's name, for instance <c>hf:BAAI/bge-m3</c>.</param>
/// <param name="File">The file that is being fetched.</param>
/// <param name="BytesDone">Bytes of all its files that are there.</param>
/// <param name="BytesTotal">Bytes of all files that are needed.</param>
public readonly record struct HubProgress(string Model, string File, long BytesDone, long BytesTotal);
