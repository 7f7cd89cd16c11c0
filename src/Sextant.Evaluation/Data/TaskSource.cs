using System.Security.Cryptography;
using System.Text;

namespace Sextant.Evaluation.Data;

/// <summary>The location of a task's data and the code to load it; reads nothing until needed.</summary>
/// <param name="name">The name of the task in the table.</param>
/// <param name="kind">The kind of task.</param>
/// <param name="files">The files of the task.</param>
/// <param name="load">Reads them.</param>
public sealed class TaskSource(string name, TaskKind kind, IReadOnlyList<string> files, Func<EvaluationTask> load)
{
    /// <summary>Raised when a reader or a protocol changes, so that kept results are not taken for those of today.</summary>
    private const string Edition = "2";

    private string? _revision;

    /// <summary>The name of the task in the table.</summary>
    public string Name { get; } = name;

    /// <summary>The kind of task.</summary>
    public TaskKind Kind { get; } = kind;

    /// <summary>The files of the task.</summary>
    public IReadOnlyList<string> Files { get; } = files;

    /// <summary>Under which terms the data may be used; empty when that is not known.</summary>
    public string License { get; init; } = "";

    /// <summary>Which data it is: a hash of the files and of the way they are read.</summary>
    public string Revision => _revision ??= Hash();

    /// <summary>Reads the task.</summary>
    /// <exception cref="InputException">A file cannot be read; the message names place and cure.</exception>
    public EvaluationTask Load()
    {
        try
        {
            return load();
        }
        catch (TaskDataException e)
        {
            throw new InputException($"{Name} ({string.Join(", ", Files)}): {e.Message}", e);
        }
    }

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Edition}\n{Name}\n{Kind}\n"));
        byte[] buffer = new byte[1 << 16];
        foreach (string file in Files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file) + "\n"));
            using FileStream stream = File.OpenRead(file);
            for (int read; (read = stream.Read(buffer)) > 0; )
                hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 20));
    }
}
