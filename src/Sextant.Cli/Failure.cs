using System.Runtime.InteropServices;
using Sextant.Cli.Terminal;

namespace Sextant.Cli;

/// <summary>Prints a failure in one line, and returns its exit code for scripts.</summary>
internal static class Failure
{
    /// <summary>Writes one line for <paramref name="exception"/> (and its stack with <c>--verbose</c>) and returns the exit code.</summary>
    public static int Report(Exception exception, Shell shell, Interrupt interrupt)
    {
        if (exception is AggregateException { InnerExceptions: [Exception only] })
            exception = only;

        // The reader of our output has closed the pipe (| head): no message is possible, and this is not a failure.
        if (exception is BrokenPipeException)
            return ExitCode.Done;

        if (interrupt.Token.IsCancellationRequested)
            return interrupt.Announce();

        shell.Fail(Describe(exception));
        if (shell.Verbose)
            shell.Error.WriteLine(Credentials.Hide(exception.ToString()));
        return exception is InputException ? ExitCode.Usage : ExitCode.Failed;
    }

    private static string Describe(Exception exception) =>
        exception switch
        {
            SextantException known => OneLine(known.Message) + Hint(known),
            IOException
            or UnauthorizedAccessException
            or InvalidDataException
            or HttpRequestException
            or ExternalException
            or OperationCanceledException
            or TimeoutException => OneLine(exception.Message),
            // How .NET reports EFBIG: a limit of the file system, or of the process.
            ArgumentOutOfRangeException { ParamName: "value" }
                when exception.Message.StartsWith("Specified file length", StringComparison.Ordinal) =>
                "a file exceeds a size limit of the file system or this process; write it elsewhere, or in smaller parts",
            OutOfMemoryException => "not enough memory; index or embed the input in smaller parts",
            _ => $"unexpected {exception.GetType().Name}: {OneLine(exception.Message)} (add --verbose to see where)",
        };

    private static string Hint(SextantException exception)
    {
        var hints = new List<string>();
        // A message that repeats its cause's needs what the cause needs.
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is SextantException known)
            {
                hints.AddRange([
                    .. known.Remedies.Select(RemedyCommands.Find),
                    .. known.RelatedOptions.Select(OptionFlags.Find).OfType<string>(),
                ]);
            }
        }

        return hints.Count == 0 ? "" : $" ({string.Join(", ", hints.Distinct())})";
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
