using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sextant.Server.Http;

/// <summary>Describes the problem with a JSON body in terms of the API, because the serializer's messages name internal types.</summary>
internal static class JsonComplaint
{
    private static readonly Regex MissingRegex = new(
        "missing required properties including: '(?<name>[^']*)'",
        RegexOptions.NonBacktracking,
        TimeSpan.FromSeconds(1)
    );

    private static readonly Regex UnmappedRegex = new(
        "^The JSON property '(?<name>.*)' could not be mapped",
        RegexOptions.NonBacktracking,
        TimeSpan.FromSeconds(1)
    );

    public static ServiceException Create(JsonException error, string? where = null)
    {
        string at = where is null ? "" : $"{where}: ";
        if (MissingRegex.Match(error.Message) is { Success: true } missing)
        {
            return ServiceException.BadRequest(
                $"{at}Missing required parameter: '{missing.Groups["name"].Value}'.",
                missing.Groups["name"].Value
            );
        }

        if (UnmappedRegex.Match(error.Message) is { Success: true } unmapped)
            return ServiceException.BadRequest($"{at}Unrecognized request argument supplied: {unmapped.Groups["name"].Value}");
        if (error.Message.Contains("maximum configured depth", StringComparison.Ordinal))
        {
            return ServiceException.BadRequest(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{at}The body is nested more than {ServerJson.MaxDepth} levels deep, which is the limit."
                )
            );
        }

        string? path = error.Path?.TrimStart('$').TrimStart('.');
        // Errors of grammar come from the reader; those of meaning, from a value that is there but is of another kind.
        if (error.InnerException is InvalidOperationException inner && HalfPair(inner))
            return Create(inner, where, path);
        if (error.InnerException is null or InvalidOperationException or FormatException)
        {
            return string.IsNullOrEmpty(path)
                ? ServiceException.BadRequest($"{at}The body is not of the expected form{Expected(error)}.")
                : ServiceException.BadRequest($"{at}Invalid value for '{path}'{Expected(error)}.", path);
        }

        return ServiceException.BadRequest(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{at}We could not parse the JSON body of your request: it is truncated or malformed in line {error.LineNumber + 1}, "
                    + $"byte {error.BytePositionInLine + 1}."
            )
        );
    }

    /// <summary>A text or a name that cannot be decoded: its bytes are not UTF-8, or an escape in it stands for half a character.</summary>
    public static ServiceException Create(InvalidOperationException error, string? where = null, string? path = null)
    {
        string at = where is null ? "" : $"{where}: ",
            what = HalfPair(error) ? Surrogates.Description : "bytes that are not UTF-8";
        return string.IsNullOrEmpty(path)
            ? ServiceException.BadRequest($"{at}The body contains {what}.")
            : ServiceException.BadRequest($"{at}Invalid value for '{path}': it contains {what}.", path);
    }

    /// <summary>Whether the serializer could not decode a text or a name.</summary>
    public static bool IsOfText(InvalidOperationException error) =>
        HalfPair(error) || error.Message.Contains("UTF-8", StringComparison.Ordinal);

    private static bool HalfPair(InvalidOperationException error) => error.Message.Contains("UTF-16", StringComparison.Ordinal);

    private static string Expected(JsonException error) => error.Data["expected"] is string expected ? $": expected {expected}" : "";

    /// <summary>An error of meaning, thrown by a converter of ours.</summary>
    public static JsonException Expects(string expected) => new() { Data = { ["expected"] = expected } };
}
