using System.Net;

namespace Sextant.Client;

/// <summary>The service rejected a request, or was unreachable. The message is the service's own where it gave one.</summary>
public sealed class SextantClientException : Exception
{
    /// <summary>Creates an exception without words.</summary>
    public SextantClientException() { }

    /// <summary>Creates an exception.</summary>
    public SextantClientException(string message)
        : base(message) { }

    /// <summary>Creates an exception with its cause.</summary>
    public SextantClientException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>The status of the response; <see langword="null"/> without a response.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>What went wrong, for a program: <c>collection_not_found</c>, <c>rate_limit_exceeded</c> …</summary>
    public string? Code { get; init; }

    /// <summary>The part of the request that is to blame.</summary>
    public string? Param { get; init; }

    /// <summary>How long the service asks to wait before the next try.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
