using System.Runtime.InteropServices;

namespace Sextant.Cli.Terminal;

/// <summary>
/// Turns Ctrl-C and SIGTERM into a cancelled token. Work that has not stopped within the grace period is cut off, as is
/// everything at a second Ctrl-C: collections are safe against that by their own design.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly TimeSpan _grace;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private Timer? _cutOff;

    public Interrupt(TimeSpan grace)
    {
        _grace = grace;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _cutOff?.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (_source.IsCancellationRequested)
            Environment.Exit(ExitCode.Interrupted);
        _cutOff = new Timer(_ => Environment.Exit(ExitCode.Interrupted), state: null, _grace, Timeout.InfiniteTimeSpan);
        _source.Cancel();
    }
}
