namespace Sextant.Server.Http;

/// <summary>The browser's content security policy for each part of the service.</summary>
internal static class PagePolicy
{
    /// <summary>For everything that is not a page: nothing at all.</summary>
    public const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>For the page: scripts, styles and requests of this service only, nothing inline, and no other site may frame it.</summary>
    public const string Page =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>
    /// For the frame that holds the map: its WebGL library compiles code at run time, so it has no network and no origin.
    /// </summary>
    public const string Map =
        "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src data: blob:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts allow-downloads";

    /// <summary>For the documentation of the interface, whose script writes inline styles.</summary>
    public const string Documentation =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
