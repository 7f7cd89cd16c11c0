namespace Sextant.Evaluation.Data;

/// <summary>Finds tasks by name, or in folders and files.</summary>
public static class TaskFinder
{
    private const int DeepestFolder = 3;

    /// <summary>The tasks that <paramref name="name"/> stands for.</summary>
    /// <param name="name">
    /// A task's name, a file of rows, or a folder with known sets, in BEIR's form, or with train and test (or a folder of such folders).
    /// </param>
    /// <param name="dataFolder">The folder to search for named tasks.</param>
    /// <exception cref="InputException">There is no such task or folder.</exception>
    public static IReadOnlyList<TaskSource> Find(string name, string? dataFolder)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Directory.Exists(name))
        {
            TaskSource[] found = [.. Within(name, DeepestFolder)];
            return found.Length > 0
                ? found
                : throw new InputException(
                    $"{name}: no task in this folder; it needs corpus.jsonl, queries.jsonl and qrels/ (BEIR), or the "
                        + "original files of one of "
                        + string.Join(", ", TaskDescription.All.Select(task => task.Name))
                );
        }

        if (File.Exists(name) && RowFiles.Reads(name))
            return [RowFiles.Open(name)];
        if (!TaskDescription.All.Any(task => task.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new InputException(
                $"unknown task '{name}'{Suggestion.Ask(name, TaskDescription.All.Select(task => task.Name))}; give a file or folder of "
                    + $"data, or one of "
                    + string.Join(", ", TaskDescription.All.Select(task => task.Name))
            );
        }

        if (dataFolder is null)
        {
            throw new InputException($"the task '{name}' needs a folder of data sets; name it, or set SEXTANT_DATA")
            {
                RelatedOptions = [nameof(dataFolder)],
            };
        }

        TaskSource? source = Within(dataFolder, DeepestFolder)
            .FirstOrDefault(task => task.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return source is not null ? [source] : throw new InputException($"{dataFolder}: the files of '{name}' are not in this folder");
    }

    /// <summary>The tasks in a folder and the folders in it, in the order of the registry, unknown ones last.</summary>
    public static IReadOnlyList<TaskSource> FindIn(string folder) => [.. Within(folder, DeepestFolder)];

    private static IEnumerable<TaskSource> Within(string folder, int depth)
    {
        var found = new List<TaskSource>();
        Collect(folder, depth, found);
        string[] order = [.. TaskDescription.All.Select(task => task.Name)];
        return found.OrderBy(task => (uint)Array.IndexOf(order, task.Name)).ThenBy(task => task.Name, StringComparer.Ordinal);
    }

    private static void Collect(string folder, int depth, List<TaskSource> found)
    {
        if (BeirFolder.FindIn(folder) is { } beir)
        {
            found.Add(beir);
            return;
        }

        TaskSource[] known = [.. TaskDescription.All.Select(task => task.FindIn(folder)).OfType<TaskSource>()];
        found.AddRange(known);
        if (known.Length == 0 && RowFiles.FindIn(folder) is { } rows)
            found.Add(rows);
        if (depth == 0)
            return;
        foreach (string inner in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (!Path.GetFileName(inner).StartsWith('.'))
                Collect(inner, depth - 1, found);
        }
    }
}
