namespace Sextant;

/// <summary>
/// What the user gave is wrong: a file, a row, a filter, a model's name. The message names the place
/// (<c>file:line</c> where there is one) and the cure. The command line ends with exit code 2 for it.
/// </summary>
public class InputException : SextantException
{
    /// <summary>Creates the exception with a message meant for the user.</summary>
    public InputException(string message)
        : base(message) { }

    /// <summary>Creates the exception with a message meant for the user and the cause.</summary>
    public InputException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>Creates the exception with the default message.</summary>
    public InputException() { }
}
