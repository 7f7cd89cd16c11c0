using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sextant.Evaluation.Data;

/// <summary>A public data set that is recognized by its files.</summary>
public sealed record TaskDescription
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Every set that is known, in the order of the table.</summary>
    public static IReadOnlyList<TaskDescription> All { get; } = ReadAll();

    /// <summary>The name of the task.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of task.</summary>
    public required TaskKind Kind { get; init; }

    /// <summary>The form of its files, as their publisher released them.</summary>
    public required string Layout { get; init; }

    /// <summary>The files that the task needs, by name.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The score for the table, where it is not the one of its kind.</summary>
    public string? MainScore { get; init; }

    /// <summary>Under which terms the data may be used.</summary>
    public required string License { get; init; }

    /// <summary>The data set on the Hugging Face hub that holds the same task, where there is one.</summary>
    public string? Hub { get; init; }

    /// <summary>MTEB's name for the task, where the data and the measure are the same.</summary>
    public string? Mteb { get; init; }

    /// <summary>Places of first text, second text and score, where the layout leaves them open.</summary>
    public IReadOnlyList<int> Columns { get; init; } = [];

    /// <summary>Whether the first line names the columns.</summary>
    public bool Header { get; init; }

    /// <summary>The task in a folder, or <see langword="null"/> when the folder lacks one of its files.</summary>
    public TaskSource? FindIn(string folder)
    {
        string[] files = [.. Files.Select(file => Path.Combine(folder, file))];
        return Array.TrueForAll(files, File.Exists)
            ? new TaskSource(Name, Kind, files, () => DataLayouts.Load(this, files)) { License = License }
            : null;
    }

    private static TaskDescription[] ReadAll()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Sextant.Evaluation.tasks.json")!;
        return JsonSerializer.Deserialize<TaskDescription[]>(stream, Json)!;
    }
}
