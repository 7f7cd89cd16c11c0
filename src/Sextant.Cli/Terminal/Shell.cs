namespace Sextant.Cli.Terminal;

/// <summary>Where a command writes, and how much: results to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
internal sealed class Shell(Output output, TextWriter error) : IDisposable
{
    /// <summary>Standard output: results only.</summary>
    public Output Out { get; } = output;

    /// <summary>Standard error: progress, notes and errors.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>Results are JSON, one object a line.</summary>
    public bool Json { get; set; }

    /// <summary>Nothing but results and errors is written.</summary>
    public bool Quiet { get; set; }

    /// <summary>Also prints the current steps.</summary>
    public bool Verbose { get; set; }

    /// <summary>Whether a person looks at standard error, so that moving progress makes sense.</summary>
    public bool ShowsProgress => !Quiet && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>Says something about the work, unless <c>--quiet</c>.</summary>
    public void Note(string message)
    {
        if (!Quiet)
            Error.WriteLine(Credentials.Hide(message));
    }

    /// <summary>Says something that only <c>--verbose</c> shows.</summary>
    public void Detail(string message)
    {
        if (Verbose)
            Error.WriteLine(Credentials.Hide(message));
    }

    /// <summary>Writes an error line.</summary>
    public void Fail(string message) => Error.WriteLine($"sextant: {Credentials.Hide(message)}");

    public void Dispose() => Out.Dispose();
}
