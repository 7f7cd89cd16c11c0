using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Sextant.Server.Http;

namespace Sextant.Server.VectorStores;

/// <summary>The uploaded files. Each has a folder with its content and its description.</summary>
internal sealed partial class UploadedFiles
{
    public const string Prefix = "file-";
    private const string Description = "file.json";
    private const string Unfinished = ".upload-";

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, UploadedFile> _files = new(StringComparer.Ordinal);

    public UploadedFiles(string folder, TimeProvider time, ILogger logger)
    {
        (_folder, _time) = (folder, time);
        if (!Directory.Exists(folder))
            return;
        foreach (string path in Directory.EnumerateDirectories(folder))
        {
            string id = Path.GetFileName(path);
            if (id.StartsWith(Unfinished, StringComparison.Ordinal))
                Directory.Delete(path, recursive: true);
            else if (id.StartsWith(Prefix, StringComparison.Ordinal) && Describe(path, logger) is { } file)
                _files[id] = file;
        }
    }

    public IEnumerable<UploadedFile> All => _files.Values.Where(file => !IsExpired(file));

    /// <summary>The expired files.</summary>
    public IEnumerable<UploadedFile> Expired => _files.Values.Where(IsExpired);

    public UploadedFile? Find(string id) => _files.TryGetValue(id, out UploadedFile? file) && !IsExpired(file) ? file : null;

    /// <exception cref="ServiceException">There is no such file.</exception>
    public UploadedFile Get(string id, string param = "file_id") =>
        Find(id) ?? throw new ServiceException(404, $"No such File object: {id}", param, "file_not_found");

    /// <summary>Stores a file durably.</summary>
    public async Task<UploadedFile> AddAsync(
        Stream content,
        string filename,
        string purpose,
        long? lifetimeSeconds,
        CancellationToken cancellationToken
    )
    {
        string id = StateFile.NewId(Prefix),
            unfinished = Path.Combine(_folder, Unfinished + id);
        Directory.CreateDirectory(unfinished);
        try
        {
            long bytes;
            await using (FileStream target = File.Create(Path.Combine(unfinished, "content" + ExtensionOf(filename))))
            {
                await content.CopyToAsync(target, cancellationToken);
                target.Flush(flushToDisk: true);
                bytes = target.Length;
            }

            long now = _time.GetUtcNow().ToUnixTimeSeconds();
            UploadedFile file = new(id, filename, purpose, bytes, now, now + lifetimeSeconds);
            StateFile.Write(Path.Combine(unfinished, Description), file);
            Directory.Move(unfinished, Path.Combine(_folder, id));
            _files[id] = file;
            return file;
        }
        catch
        {
            Directory.Delete(unfinished, recursive: true);
            throw;
        }
    }

    /// <summary>The file with the content.</summary>
    public string ContentOf(UploadedFile file) => Path.Combine(_folder, file.Id, "content" + ExtensionOf(file.Filename));

    public void Delete(string id)
    {
        if (!_files.TryRemove(id, out _))
            return;
        // A rename is atomic; an interrupted deletion of the content is finished at the next start.
        string unfinished = Path.Combine(_folder, Unfinished + id);
        Directory.Move(Path.Combine(_folder, id), unfinished);
        Directory.Delete(unfinished, recursive: true);
    }

    private static UploadedFile? Describe(string path, ILogger logger) =>
        StateFile.TryRead<UploadedFile>(Path.Combine(path, Description), logger);

    private bool IsExpired(UploadedFile file) => file.ExpiresAt <= _time.GetUtcNow().ToUnixTimeSeconds();

    // Readers are selected by extension; no other part of the client's name becomes part of a path.
    private static string ExtensionOf(string filename) => Extension().Match(filename).Value.ToLowerInvariant();

    [GeneratedRegex(@"(\.[A-Za-z0-9]{1,12}){1,2}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Extension();
}
