using System.Net;

namespace Sextant.Hosted.Http;

/// <summary>A service's rejection as a one-line message. <see cref="Kind"/> determines how the program handles it.</summary>
internal sealed class ServiceException(string message, RefusalKind kind, HttpStatusCode? status = null, Exception? inner = null)
    : SextantException(message, inner)
{
    public RefusalKind Kind { get; } = kind;

    public HttpStatusCode? Status { get; } = status;
}

/// <summary>The reason why a request was rejected.</summary>
internal enum RefusalKind
{
    /// <summary>Something that no repetition and no smaller request cures.</summary>
    Other = 0,

    /// <summary>Too many texts in one request.</summary>
    TooManyTexts = 1,

    /// <summary>Too many tokens or bytes in one request.</summary>
    TooManyTokens = 2,
}
