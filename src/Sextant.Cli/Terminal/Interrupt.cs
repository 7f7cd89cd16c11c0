using System.Runtime.InteropServices;

namespace Sextant.Cli.Terminal;

/// <summary>
/// Turns Ctrl-C and SIGTERM into a cancelled token. Work that has not stopped within the grace period is cut off, as is
/// everything at a second Ctrl-C: collections are safe against that by their own design. Whichever way the process ends, it says so once.
/// </summary>
/// <remarks>The signals stay handled until the process ends, so that none in its last moments ends it without a word.</remarks>
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
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];
    }

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token { get; }

    /// <summary>How long the work may take to stop.</summary>
    public TimeSpan Grace { get; set; } = UsualGrace;

    /// <summary>What the user is told.</summary>
    public string Message { get; set; } = "interrupted";

    /// <summary>Says that the work was interrupted, unless that was said already.</summary>
    public int Announce()
    {
        // Whoever comes second waits until the line is written: it is about to end the process.
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
        // On threads of their own: those of the pool may all be at work, and what is called back may fail or take long.
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
