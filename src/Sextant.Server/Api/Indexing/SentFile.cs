using Microsoft.AspNetCore.Http;
using Sextant.Server.Http;

namespace Sextant.Server.Api.Indexing;

/// <summary>The file in a request's body, in a temporary folder until it is disposed.</summary>
internal sealed class SentFile : IDisposable
{
    private const int LongestName = 255;

    private readonly string _folder;

    private SentFile(string folder, string name) => (_folder, Name) = (folder, name);

    public string Name { get; }

    public string Path => System.IO.Path.Combine(_folder, Name);

    /// <exception cref="ServiceException">The name is not one of a file.</exception>
    public static async Task<SentFile> ReadAsync(HttpRequest request, string? name, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(name) || name.Length > LongestName || name.AsSpan().ContainsAny("/\\") || name.Any(char.IsControl))
            throw ServiceException.BadRequest("'file' must be a file name: 1 to 255 characters, no slash, no control characters.", "file");
        SentFile file = new(Directory.CreateTempSubdirectory("sextant-upload-").FullName, name);
        try
        {
            await using FileStream target = File.Create(file.Path);
            await request.Body.CopyToAsync(target, cancellationToken);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
