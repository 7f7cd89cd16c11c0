namespace Sextant.Server.VectorStores;

/// <summary>An uploaded file, as it is kept beside its content.</summary>
/// <param name="Id">Its name for clients: <c>file-</c> and 24 hexadecimal digits.</param>
/// <param name="Filename">The name that it was uploaded with.</param>
/// <param name="Purpose">What the client wants it for.</param>
/// <param name="Bytes">The length of its content.</param>
/// <param name="CreatedAt">In seconds since 1970.</param>
/// <param name="ExpiresAt">From when on it is gone; never when <see langword="null"/>.</param>
internal sealed record UploadedFile(string Id, string Filename, string Purpose, long Bytes, long CreatedAt, long? ExpiresAt);
