using System.Runtime.InteropServices;

namespace Sextant.Cli.Terminal;

/// <summary>
/// Converts Ctrl-C and SIGTERM to a canceled token. Work that does not stop within the grace period is aborted, as is all work at a second
/// Ctrl-C; collections are designed to survive that. The process prints its message exactly once.
/// </summary>
/// <remarks>The signals stay handled until the process ends, so that a late one does not end it silently.</remarks>
internal sealed class Interrupt
{
    private static readonly TimeSpan UsualGrace = TimeSpan.FromMilliseconds(800);

    private readonly Action _cancel;
    private readonly Shell _shell;
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;
    private readonly Lock _announcing = new();
    private bool _isAnnounced;

    public Interrupt(Shell shell)
    {
        _shell = shell;
        var source = new CancellationTokenSource();
        (Token, _cancel) = (source.Token, source.Cancel);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    /// <summary>Canceled at the first signal.</summary>
    public CancellationToken Token { get; }

    /// <summary>How long the work may take to stop.</summary>
    public TimeSpan Grace { get; set; } = UsualGrace;

    /// <summary>The message for the user.</summary>
    public string Message { get; set; } = "interrupted";

    /// <summary>Says that the work was interrupted, unless that was said already.</summary>
    public int Announce()
    {
        // A second caller waits until the line is written, because it is about to end the process.
        lock (_announcing)
        {
            if (!_isAnnounced)
                _shell.Fail(Message);
            _isAnnounced = true;
        }
        return ExitCode.Interrupted;
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1)
            Environment.Exit(Announce());
        // On separate threads, because all pool threads may be busy, and callbacks may fail or take long.
        Start(() =>
        {
            Thread.Sleep(Grace);
            Environment.Exit(Announce());
        });
        Start(_cancel);
        GC.KeepAlive(_registrations);
    }

    private static void Start(Action action) => new Thread(() => action()) { IsBackground = true }.Start();
}
