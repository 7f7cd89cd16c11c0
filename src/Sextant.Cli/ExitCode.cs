namespace Sextant.Cli;

/// <summary>What the process ends with; scripts rely on these.</summary>
internal static class ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    public const int Done = 0;

    /// <summary>Something failed while running.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the input is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Interrupted by the user (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
