using System.Globalization;
using System.Text;

namespace Sextant.Server.Tests.Fuzz;

/// <summary>A request as the fuzzer made it.</summary>
internal sealed record FuzzRequest(string Method, string Url, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body)
{
    private const int Shown = 600;

    /// <summary>Makes the message; header values that a client library would not send are left out.</summary>
    public HttpRequestMessage ToMessage(Uri service)
    {
        Uri address = new(
            service.ToString().TrimEnd('/') + Url,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );
        HttpRequestMessage message = new(new HttpMethod(Method), address);
        if (Body is not null)
            message.Content = new ByteArrayContent(Body);
        foreach ((string name, string value) in Headers)
        {
            if (name.StartsWith("Content-", StringComparison.Ordinal))
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            else
                message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    public override string ToString()
    {
        string body = Body is null ? "no body" : Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, Shown)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Method} {(Url.Length > Shown ? Url[..Shown] + "…" : Url)} "
                + $"[{string.Join("; ", Headers.Select(header => $"{header.Name}: {header.Value}"))}] {Body?.Length ?? 0} bytes: {body}"
        );
    }
}
