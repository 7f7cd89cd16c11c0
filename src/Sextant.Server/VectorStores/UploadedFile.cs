namespace Sextant.Server.VectorStores;

/// <summary>The stored description of an uploaded file.</summary>
/// <param name="Id">Its name for clients: <c>file-</c> and 24 hexadecimal digits.</param>
/// <param name="Filename">The name that it was uploaded with.</param>
/// <param name="Purpose">The purpose that the client gave.</param>
/// <param name="Bytes">The length of its content.</param>
/// <param name="CreatedAt">In seconds since 1970.</param>
/// <param name="ExpiresAt">When it expires; never if <see langword="null"/>.</param>
internal sealed record UploadedFile(string Id, string Filename, string Purpose, long Bytes, long CreatedAt, long? ExpiresAt);
