using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Sextant.Server.VectorStores;

/// <summary>Small files of JSON that are replaced whole.</summary>
internal static class StateFile
{
    /// <summary>Creates an id: the prefix and 24 random hexadecimal digits.</summary>
    public static string NewId(string prefix) => prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    public static void Write<T>(string path, T state) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, state, ServerJson.Options));

    /// <summary>Reads a file at the start of the service. If it is damaged, that is logged, and the others are served.</summary>
    public static T? TryRead<T>(string path, ILogger logger)
        where T : class
    {
        try
        {
            return Read<T>(path);
        }
        catch (SextantException e)
        {
            logger.LogError("{Problem}; until then, the service leaves it out", e.Message);
            return null;
        }
    }

    /// <exception cref="SextantException">The file cannot be read or is damaged; the message names it.</exception>
    private static T Read<T>(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, ServerJson.Options) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new SextantException($"{path}: the file cannot be read ({e.Message}); restore it from a backup, or remove it", e);
        }
    }
}
