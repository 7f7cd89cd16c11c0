namespace Sextant;

/// <summary>Another process is writing to the collection, and this one may only read it.</summary>
public sealed class CollectionBusyException : SextantException
{
    /// <summary>Creates the exception with a message that names who writes.</summary>
    public CollectionBusyException(string message)
        : base(message) { }

    /// <summary>Creates the exception with a message that names who writes, and the cause.</summary>
    public CollectionBusyException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>Creates the exception with the default message.</summary>
    public CollectionBusyException() { }
}
