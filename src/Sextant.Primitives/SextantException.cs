namespace Sextant;

/// <summary>
/// A failure at run time, whose one-line message says what failed, where, and what to do. Programs show <see cref="Exception.Message"/> to
/// their users unchanged.
/// </summary>
public class SextantException : Exception
{
    /// <summary>
    /// Creates the exception with a message meant for the user; line breaks and other control characters in it become spaces.
    /// </summary>
    public SextantException(string message)
        : base(OnOneLine(message)) { }

    /// <summary>Creates the exception with a message meant for the user, as above, and the cause.</summary>
    public SextantException(string message, Exception? innerException)
        : base(OnOneLine(message), innerException) { }

    /// <summary>Creates the exception with the default message.</summary>
    public SextantException() { }

    /// <summary>
    /// The options that the cure is about, by the names of their properties or parameters, such as <c>TextField</c>. A program that has
    /// other names for them, as a command has flags, adds those to the message.
    /// </summary>
    /// <value>None.</value>
    public IReadOnlyList<string> RelatedOptions { get; init; } = [];

    /// <summary>The suggestions of the message, so that a program can add how to follow them.</summary>
    /// <value>None.</value>
    public IReadOnlyList<Remedy> Remedies { get; init; } = [];

    /// <summary>The kind of failure, for programs that choose between retrying and giving up.</summary>
    /// <value><see cref="FailureCause.Temporary"/>.</value>
    public FailureCause Cause { get; init; }

    /// <summary>
    /// Messages quote names of columns, files and models, which can hold anything: no such name may break a line or move a cursor.
    /// </summary>
    private static string OnOneLine(string message) =>
        message.AsSpan().ContainsAnyInRange('\0', '\x1f') || message.Contains('\x7f', StringComparison.Ordinal)
            ? string.Create(
                message.Length,
                message,
                static (line, from) =>
                {
                    for (int i = 0; i < line.Length; i++)
                        line[i] = char.IsControl(from[i]) ? ' ' : from[i];
                }
            )
            : message;
}
