namespace Sextant.Benchmarks.Faults.Kills;

/// <summary>A process that writes to a collection until it is killed.</summary>
internal interface IKilled
{
    /// <summary>Starts the process, kills it at a moment that the seed decides, and notes what it acknowledged.</summary>
    Task KillAsync(int seed, Ledger ledger);

    /// <summary>Opens the collection and compares it with what was acknowledged.</summary>
    /// <exception cref="InvalidOperationException">Something else is there.</exception>
    Task CheckAsync(Ledger ledger);

    /// <summary>The same with a collection of its own, after a fault.</summary>
    IKilled StartOver();
}
