namespace Sextant.Benchmarks.Faults.Kills;

/// <summary>A process that writes to a collection until it is killed.</summary>
internal interface IKilled
{
    /// <summary>Starts the process, kills it at a moment that the seed decides, and notes what it acknowledged.</summary>
    Task KillAsync(int seed, Ledger ledger);

    /// <summary>Opens the collection and compares it with the acknowledged writes.</summary>
    /// <exception cref="InvalidOperationException">The content differs.</exception>
    Task CheckAsync(Ledger ledger);

    /// <summary>The same with a new collection, after a fault.</summary>
    IKilled StartOver();
}
