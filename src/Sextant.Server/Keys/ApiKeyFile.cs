using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sextant.Server.Collections;

namespace Sextant.Server.Keys;

/// <summary>
/// The file with the API keys of a service, which stores hashes only. A running service applies changes within a second. Writes are atomic,
/// and two programs never write it at the same time.
/// </summary>
/// <param name="path">The file; it does not have to exist.</param>
/// <param name="time">The clock for new keys; the system's when <see langword="null"/>.</param>
public sealed class ApiKeyFile(string path, TimeProvider? time = null)
{
    /// <summary>The name of the file in a folder of collections.</summary>
    public const string DefaultName = ".keys.json";

    private const string Prefix = "sx-";
    private const int KeyBytes = 32;

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The file.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>All keys, by name; none if there is no file.</summary>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public IReadOnlyList<ApiKey> List() => [.. Read().Keys.Select(static key => key.ToKey())];

    /// <summary>Creates a key.</summary>
    /// <param name="key">Its name, grants and limits.</param>
    /// <param name="cancellationToken">Cancels waiting for another program that writes the file.</param>
    /// <returns>The key, which is stored nowhere.</returns>
    /// <exception cref="InputException">The name is taken or invalid, or the key has no grants.</exception>
    public async Task<string> CreateAsync(ApiKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!CollectionName.IsValid(key.Name))
        {
            throw new InputException(
                $"'{key.Name}' is not a name for a key; it has 1 to 100 letters, digits, dots, hyphens and underscores, "
                    + "begins with a letter or a digit and does not end in a dot"
            );
        }

        if (key.Grants.Count == 0)
            throw new InputException($"the key '{key.Name}' has no grants, so it could do nothing");
        string secret = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));
        await ChangeAsync(
            keys =>
            {
                if (keys.Any(one => one.Name == key.Name))
                    throw new InputException($"there is a key '{key.Name}' already; revoke it first, or choose another name");
                return
                [
                    .. keys.Append(
                            new(
                                key.Name,
                                Convert.ToHexStringLower(HashOf(secret)),
                                [.. key.Grants.Select(static grant => grant.ToString())],
                                _time.GetUtcNow(),
                                key.RequestsPerSecond,
                                key.UsdPerDay
                            )
                        )
                        .OrderBy(static one => one.Name, StringComparer.Ordinal),
                ];
            },
            cancellationToken
        );
        return secret;
    }

    /// <summary>Revokes a key. A file without keys still requires one, so the service does not become open.</summary>
    /// <exception cref="InputException">There is no such key.</exception>
    public Task RevokeAsync(string name, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            keys =>
                keys.Any(one => one.Name == name)
                    ? [.. keys.Where(one => one.Name != name)]
                    : throw new InputException($"there is no key '{name}' in {Path}"),
            cancellationToken
        );

    /// <summary>The hash under which a key is stored.</summary>
    internal static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <exception cref="InputException">The file cannot be read.</exception>
    internal StoredKeys Read()
    {
        try
        {
            using FileStream stream = File.OpenRead(Path);
            StoredKeys stored =
                JsonSerializer.Deserialize<StoredKeys>(stream, ServerJson.Options) ?? throw new JsonException("the file is empty");
            foreach (StoredKey key in stored.Keys)
            {
                _ = key.ToKey();
                if (Convert.FromHexString(key.Hash).Length != SHA256.HashSizeInBytes)
                    throw new FormatException($"the hash of '{key.Name}' has the wrong length");
            }

            return stored;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new([]);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or FormatException or InputException)
        {
            throw new InputException($"{Path}: the keys cannot be read ({e.Message}); restore the file, or delete it and make new keys", e);
        }
    }

    private async Task ChangeAsync(Func<IReadOnlyList<StoredKey>, IReadOnlyList<StoredKey>> change, CancellationToken cancellationToken)
    {
        try
        {
            using IDisposable _ = await FileLock.TakeAsync(Path + ".lock", cancellationToken);
            StoredKeys changed = new(change(Read().Keys));
            AtomicFile.Write(Path, stream => JsonSerializer.Serialize(stream, changed, ServerJson.Options));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SextantException($"{Path} cannot be written: {e.Message}", e);
        }
    }
}
