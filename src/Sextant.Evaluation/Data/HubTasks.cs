using System.Text.RegularExpressions;
using Sextant.Models.Hub;

namespace Sextant.Evaluation.Data;

/// <summary>
/// Tasks by the name of a data set on the Hugging Face hub, such as <c>mteb/stsbenchmark-sts</c>; kept in the cache that the Python tools
/// share.
/// </summary>
public static partial class HubTasks
{
    /// <summary>
    /// Whether a name can be one of a data set on the hub: <c>ORG/NAME</c>, perhaps with <c>@REVISION</c>, and nothing on this disk.
    /// </summary>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return NamePattern().IsMatch(name) && !Directory.Exists(name) && !File.Exists(name);
    }

    /// <summary>The task in a data set: from the cache when it is there, else fetched once.</summary>
    /// <exception cref="InputException">There is no such data set, nothing may be sent, or it is of a form that is not read
    /// here.</exception>
    /// <exception cref="SextantException">The hub cannot be reached, or what it sends is not what it announced.</exception>
    public static async Task<TaskSource> OpenAsync(string name, HubOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        HubSnapshot snapshot = await HubClient.ForDataSets(options).GetAsync(name, cancellationToken).ConfigureAwait(false);
        TaskDescription? known = TaskDescription.All.FirstOrDefault(task => task.Hub == snapshot.Repository);
        string shown = known?.Name ?? snapshot.Repository.Split('/')[^1];
        TaskSource found =
            RetrievalRows.FindIn(snapshot.Folder, shown)
            ?? RowFiles.FindIn(snapshot.Folder, shown)
            ?? throw new InputException($"{name}: its rows match no task type (its files are in {snapshot.Folder})");
        return new TaskSource(shown, found.Kind, found.Files, found.Load) { License = known?.License ?? "" };
    }

    [GeneratedRegex(
        @"\A(hf:)?[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*(@[A-Za-z0-9._/-]+)?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex NamePattern();
}
