using System.Globalization;
using System.Text.Json;
using Sextant.Evaluation.Data;
using Sextant.Index;

namespace Sextant.Evaluation.Report;

/// <summary>Writes results in the format of MTEB's result files: <c>model/revision/Task.json</c> and <c>model_meta.json</c>.</summary>
public static class MtebFiles
{
    private static readonly JsonWriterOptions Options = new() { Indented = true };

    /// <summary>Writes a file for each result; each appears whole or not at all.</summary>
    /// <param name="directory">The folder; made if need be.</param>
    /// <param name="results">The results to write.</param>
    public static void Write(string directory, IEnumerable<EvaluationResult> results)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(results);
        foreach (EvaluationResult result in results)
        {
            string folder = Path.Combine(directory, ModelFolder(result), RevisionFolder(result));
            TaskDescription? task = TaskDescription.All.FirstOrDefault(known => known.Name == result.Task);
            string name = task?.Mteb ?? result.Task;
            WriteJson(Path.Combine(folder, FileName(name) + ".json"), json => WriteTask(json, result, name, task is not null));
            WriteJson(Path.Combine(folder, "model_meta.json"), json => WriteModel(json, result));
        }
    }

    private static void WriteTask(Utf8JsonWriter json, EvaluationResult result, string name, bool english)
    {
        json.WriteString("dataset_revision", result.Revision);
        json.WriteString("task_name", name);
        json.WriteNull("mteb_version");
        json.WriteNumber("evaluation_time", result.Seconds);
        json.WriteNull("kg_co2_emissions");
        json.WriteStartObject("scores");
        json.WriteStartArray("test");
        json.WriteStartObject();
        foreach ((string key, double value) in result.Scores.OrderBy(static score => score.Key, StringComparer.Ordinal))
            WriteNumber(json, key, value);
        WriteNumber(json, "main_score", result.Main);
        json.WriteString("hf_subset", "default");
        json.WriteStartArray("languages");
        if (english)
            json.WriteStringValue("eng-Latn");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, EvaluationResult result)
    {
        json.WriteString("name", result.Model);
        json.WriteString("revision", RevisionFolder(result));
        json.WriteString("fingerprint", result.Fingerprint);
        json.WriteNumber("embed_dim", result.Dimensions);
        json.WriteString("storage", result.Storage.ToString().ToLowerInvariant());
    }

    private static string ModelFolder(EvaluationResult result)
    {
        string shape = result.Storage == VectorStorage.Float32 ? "" : "__" + result.Storage.ToString().ToLowerInvariant();
        return FileName(string.Create(CultureInfo.InvariantCulture, $"{result.Model}__{result.Dimensions}d{shape}"));
    }

    // The fingerprint ends in a hash of everything that makes the model what it is.
    private static string RevisionFolder(EvaluationResult result) =>
        result.Fingerprint.Length > 0 ? FileName(result.Fingerprint[(result.Fingerprint.LastIndexOf('/') + 1)..]) : "no_revision_available";

    private static string FileName(string name) =>
        string.Concat(
                name.Replace("/", "__", StringComparison.Ordinal)
                    .Select(static c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')
            )
            .TrimStart('.');

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }

    private static void WriteJson(string path, Action<Utf8JsonWriter> properties) =>
        AtomicFile.Write(
            path,
            stream =>
            {
                using var json = new Utf8JsonWriter(stream, Options);
                json.WriteStartObject();
                properties(json);
                json.WriteEndObject();
            }
        );
}
