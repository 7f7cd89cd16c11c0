namespace Sextant;

/// <summary>Stored data differs from the data that was written. The message names the file, the problem, and how to recover.</summary>
public sealed class CollectionDamagedException : SextantException
{
    /// <summary>Creates the exception with a message that names the file and the cure.</summary>
    public CollectionDamagedException(string message)
        : base(message) { }

    /// <summary>Creates the exception with a message that names the file and the cure, and the cause.</summary>
    public CollectionDamagedException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>Creates the exception with the default message.</summary>
    public CollectionDamagedException() { }

    /// <summary>The problem, without the file name and the suggested fix.</summary>
    internal string Problem { get; init; } = "";
}
