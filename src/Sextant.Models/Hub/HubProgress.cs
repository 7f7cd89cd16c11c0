namespace Sextant.Models.Hub;

/// <summary>How far the download of a model is.</summary>
/// <param name="Model">The model's name, for instance <c>hf:BAAI/bge-m3</c>.</param>
/// <param name="File">The file that is being fetched.</param>
/// <param name="BytesDone">The number of bytes of all its files received so far.</param>
/// <param name="BytesTotal">Bytes of all files that are needed.</param>
public readonly record struct HubProgress(string Model, string File, long BytesDone, long BytesTotal);
