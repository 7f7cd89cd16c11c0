namespace Sextant.Benchmarks.Faults;

/// <summary>
/// One kind of bad input, made from a seed. A <see cref="SextantException"/> that leaves <see cref="TryAsync"/> counts as a clear error.
/// </summary>
internal abstract class FaultKind(string name)
{
    /// <summary>What the report calls it.</summary>
    public string Name => name;

    /// <summary>A folder of this kind's own.</summary>
    protected string Folder { get; private set; } = "";

    /// <summary>Makes what all inputs start from.</summary>
    public Task PrepareAsync(string folder)
    {
        Folder = folder;
        return PrepareAsync();
    }

    /// <summary>Makes the input of a seed, and tries it.</summary>
    public abstract Task<FaultOutcome> TryAsync(int seed);

    /// <summary>Ends what <see cref="PrepareAsync()"/> started.</summary>
    public virtual Task CloseAsync() => Task.CompletedTask;

    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>The path of a file or folder within <see cref="Folder"/>.</summary>
    protected string In(string file) => Path.Combine(Folder, file);
}
