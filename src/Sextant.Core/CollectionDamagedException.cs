namespace Sextant;

/// <summary>What a collection holds is not what was written to it. The message names the file, what is wrong, and the cure.</summary>
public sealed class CollectionDamagedException : SextantException
{
    /// <summary>Creates the exception with a message that names the file and the cure.</summary>
    public CollectionDamagedException(string message) : base(message) { }

    /// <summary>Creates the exception with a message that names the file and the cure, and the cause.</summary>
    public CollectionDamagedException(string message, Exception? innerException) : base(message, innerException) { }

    /// <summary>Creates the exception without a message of its own.</summary>
    public CollectionDamagedException() { }

    /// <summary>What is wrong, without the file and the cure.</summary>
    internal string Problem { get; init; } = "";
}
