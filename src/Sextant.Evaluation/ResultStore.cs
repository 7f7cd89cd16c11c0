using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sextant.Index;

namespace Sextant.Evaluation;

/// <summary>
/// Stores results on disk, so that nothing is measured twice and an interrupted run resumes where it stopped. The key is the model's
/// fingerprint, the task's revision and the storage of the vectors. Like a cache, it never fails a run: unreadable results are measured
/// again.
/// </summary>
/// <param name="directory">Its folder; <c>evaluations</c> in <see cref="SextantPaths.CacheDirectory"/> when <see langword="null"/>.</param>
public sealed class ResultStore(string? directory = null)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly string _directory = directory ?? Path.Combine(SextantPaths.CacheDirectory, "evaluations");

    /// <summary>A result that was kept, or <see langword="null"/>.</summary>
    public EvaluationResult? Find(string fingerprint, string revision, int dimensions, VectorStorage storage)
    {
        try
        {
            string path = PathOf(fingerprint, revision, dimensions, storage);
            if (!File.Exists(path))
                return null;
            EvaluationResult? result = JsonSerializer.Deserialize<EvaluationResult>(File.ReadAllBytes(path), Json);
            bool same =
                result?.Fingerprint == fingerprint
                && result.Revision == revision
                && result.Dimensions == dimensions
                && result.Storage == storage;
            return same ? result! with { Kept = true } : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Keeps a result, if it can.</summary>
    public void Keep(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        try
        {
            byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(result, Json);
            AtomicFile.Write(PathOf(result.Fingerprint, result.Revision, result.Dimensions, result.Storage), stream => stream.Write(bytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The result is in the table all the same; the next run measures again.
        }
    }

    private string PathOf(string fingerprint, string revision, int dimensions, VectorStorage storage)
    {
        // Smaller storages were once measured by other codes than those of an index.
        string codes = storage == VectorStorage.Float32 ? "" : " codes";
        string key = string.Create(CultureInfo.InvariantCulture, $"{fingerprint}\n{revision}\n{dimensions}\n{storage}{codes}");
        return Path.Combine(_directory, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16)) + ".json");
    }
}
