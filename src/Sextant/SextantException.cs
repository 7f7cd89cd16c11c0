namespace Sextant;

/// <summary>
/// Something failed while running, and the message says in one line what, where, and what to do.
/// Programs show <see cref="Exception.Message"/> to their user as it is.
/// </summary>
public class SextantException : Exception
{
    /// <summary>Creates the exception with a message meant for the user.</summary>
    public SextantException(string message) : base(message) { }

    /// <summary>Creates the exception with a message meant for the user and the cause.</summary>
    public SextantException(string message, Exception? innerException) : base(message, innerException) { }

    /// <summary>Creates the exception without a message of its own.</summary>
    public SextantException() { }
}
