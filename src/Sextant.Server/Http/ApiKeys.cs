using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Sextant.Server.Http;

/// <summary>The accepted API keys. Only hashes are kept, and each comparison takes constant time.</summary>
internal sealed class ApiKeys
{
    private const string ReadSuffix = ":read";
    private const string Scheme = "Bearer ";
    private const int ShortestKey = 16;
    private static readonly object ClientItem = new();

    private readonly (byte[] Hash, bool ReadOnly)[] _keys;

    public ApiKeys(ServerOptions options)
    {
        _keys = [.. options.ApiKeys.Select(Parse)];
    }

    /// <summary>Whether a key is needed at all.</summary>
    public bool Required => _keys.Length > 0;

    /// <summary>Names the client of a request in limits and for repeated requests: its key's number, or its address.</summary>
    public static string ClientOf(HttpContext context) =>
        context.Items.TryGetValue(ClientItem, out object? client)
            ? (string)client!
            : context.Connection.RemoteIpAddress?.ToString() ?? "local";

    /// <summary>What the key of a request allows; <see langword="null"/> when it shows none that is known.</summary>
    public KeyRights? RightsOf(HttpContext context)
    {
        if (!Required)
            return KeyRights.Full;
        string header = context.Request.Headers.Authorization.ToString();
        byte[] shown = SHA256.HashData(
            Encoding.UTF8.GetBytes(header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : "")
        );
        int found = -1;
        for (int i = 0; i < _keys.Length; i++)
        {
            if (CryptographicOperations.FixedTimeEquals(shown, _keys[i].Hash))
                found = i;
        }

        if (found < 0)
            return null;
        context.Items[ClientItem] = $"key {found}";
        return _keys[found].ReadOnly ? KeyRights.Read : KeyRights.Full;
    }

    private static (byte[] Hash, bool ReadOnly) Parse(string written)
    {
        bool readOnly = written.EndsWith(ReadSuffix, StringComparison.Ordinal);
        string key = readOnly ? written[..^ReadSuffix.Length] : written;
        return key.Length >= ShortestKey
            ? (SHA256.HashData(Encoding.UTF8.GetBytes(key)), readOnly)
            : throw new InputException(
                $"a key of SEXTANT_API_KEYS has fewer than {ShortestKey} characters; create one with: openssl rand -hex 32"
            );
    }
}

/// <summary>The permissions of a key.</summary>
internal enum KeyRights
{
    Read,
    Full,
}
