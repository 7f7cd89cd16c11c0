using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sextant.Server.Collections;

namespace Sextant.Server.Keys;

/// <summary>
/// The accepted API keys: those of the setting, and those of the file, which is read again when it has changed. Only hashes are kept, and
/// each comparison takes constant time.
/// </summary>
internal sealed class ApiKeys
{
    private const string ReadSuffix = ":read";
    private const string Scheme = "Bearer ";
    private const int ShortestKey = 16;
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ILogger<ApiKeys> _logger;
    private readonly ApiKeyFile? _file;
    private readonly (byte[] Hash, Caller Caller)[] _configured;
    private readonly Lock _lock = new();
    private (byte[] Hash, Caller Caller)[] _known;
    private (DateTime Written, long Length)? _state;
    private long _checked;

    /// <exception cref="InputException">A key is too short, or the file cannot be read.</exception>
    public ApiKeys(ServerOptions options, CollectionRoot root, TimeProvider time, ILogger<ApiKeys> logger)
    {
        (_time, _logger) = (time, logger);
        _configured = [.. options.ApiKeys.Select(Parse)];
        _known = _configured;
        _file = PathOf(options, root) is { } path ? new(path) : null;
        _checked = time.GetTimestamp();
        if (_file is null)
            return;
        _state = StateOf(_file.Path);
        if (_state is not null)
            _known = Load();
        Required = _configured.Length > 0 || _state is not null;
    }

    /// <summary>Whether a key is needed at all. Once needed, it stays so: deleting the file opens nothing.</summary>
    public bool Required
    {
        get
        {
            Refresh();
            return field;
        }
        private set;
    }

    /// <summary>The folder for the keys and their usage; <see langword="null"/> if the service has none.</summary>
    public static string? FolderOf(ServerOptions options, CollectionRoot root) =>
        (options.Files ?? (root is FolderRoot ? options.Collections : null)) is { } folder ? Path.GetFullPath(folder) : null;

    /// <summary>The caller with the key that a request shows; <see langword="null"/> if it shows no accepted key.</summary>
    public Caller? Find(HttpContext context)
    {
        if (!Required)
            return Caller.Local;
        string header = context.Request.Headers.Authorization.ToString();
        byte[] shown = ApiKeyFile.HashOf(
            header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : ""
        );
        Caller? found = null;
        foreach ((byte[] hash, Caller caller) in Volatile.Read(ref _known))
        {
            if (CryptographicOperations.FixedTimeEquals(shown, hash))
                found = caller;
        }

        return found;
    }

    /// <summary>The key of this name; <see langword="null"/> if it was revoked.</summary>
    public Caller? FindByName(string name) =>
        Array.Find(Volatile.Read(ref _known), key => key.Caller.Name == name) is { Caller: { } caller } ? caller : null;

    private static string? PathOf(ServerOptions options, CollectionRoot root) =>
        options.KeysFile ?? (FolderOf(options, root) is { } folder ? Path.Combine(folder, ApiKeyFile.DefaultName) : null);

    private static (DateTime Written, long Length)? StateOf(string path)
    {
        FileInfo file = new(path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : null;
    }

    private void Refresh()
    {
        if (_file is null || _time.GetElapsedTime(Volatile.Read(ref _checked)) < CheckEvery)
            return;
        lock (_lock)
        {
            if (_time.GetElapsedTime(_checked) < CheckEvery)
                return;
            Volatile.Write(ref _checked, _time.GetTimestamp());
            (DateTime Written, long Length)? state = StateOf(_file.Path);
            if (state == _state)
                return;
            _state = state;
            try
            {
                Volatile.Write(ref _known, Load());
                Required |= state is not null;
                _logger.LogInformation("{Count} API keys", _known.Length);
            }
            catch (InputException e)
            {
                _logger.LogError("The API keys stay as they were: {Problem}", e.Message);
            }
        }
    }

    private (byte[] Hash, Caller Caller)[] Load() =>
        [
            .. _configured,
            .. _file!.Read().Keys.Select(static key => (Convert.FromHexString(key.Hash), new Caller(key.ToKey(), isKey: true))),
        ];

    private static (byte[] Hash, Caller Caller) Parse(string written, int index)
    {
        bool readOnly = written.EndsWith(ReadSuffix, StringComparison.Ordinal);
        string key = readOnly ? written[..^ReadSuffix.Length] : written;
        // A space, so that no key of the file has the same name.
        ApiKey described = new($"key {index + 1}", [new("*", readOnly ? KeyRights.Read : KeyRights.All)]);
        return key.Length >= ShortestKey
            ? (SHA256.HashData(Encoding.UTF8.GetBytes(key)), new(described, isKey: true))
            : throw new InputException(
                $"a key of SEXTANT_API_KEYS has fewer than {ShortestKey} characters; create one with: openssl rand -hex 32"
            );
    }
}
