namespace Sextant.Server.Keys;

/// <summary>The caller that the current code works for. It follows the work through every await.</summary>
/// <param name="otherwise">The caller of code that nothing was entered for.</param>
internal sealed class Callers(Caller otherwise)
{
    private readonly AsyncLocal<Caller?> _current = new();

    public Caller Current => _current.Value ?? otherwise;

    /// <summary>Sets the caller for the rest of this method and what it calls.</summary>
    public void Enter(Caller caller) => _current.Value = caller;
}
