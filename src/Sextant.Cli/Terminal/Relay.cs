namespace Sextant.Cli.Terminal;

/// <summary>
/// Passes reports on at once, in their order; <see cref="Progress{T}"/> would post them to the thread pool, late and out of order.
/// </summary>
internal sealed class Relay<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
