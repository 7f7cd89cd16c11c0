using System.Text.Json;
using System.Text.Unicode;

namespace Sextant.Onnx.Layout;

/// <summary>Reads the small JSON files of a model's directory.</summary>
internal static class JsonFile
{
    /// <summary>The root of a file, or <see langword="null"/> if the file does not exist.</summary>
    /// <exception cref="InputException">The file exists, but is not JSON in UTF-8.</exception>
    public static JsonElement? TryRead(ModelFiles files, string name)
    {
        if (files.TryReadAll(name) is not { } bytes)
        {
            return null;
        }

        if (!Utf8.IsValid(bytes))
        {
            // The parser would report it only when a string is read.
            throw new InputException($"{files.Locate(name)}: not UTF-8");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new InputException($"{files.Locate(name)}: not JSON ({e.Message})", e);
        }
    }

    /// <summary>The whole number called <paramref name="name"/>; <see langword="null"/> when it is not there or no such number.</summary>
    public static int? IntOrNull(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out int number)
            ? number
            : null;
}
