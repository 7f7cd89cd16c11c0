using System.Text.Json.Nodes;

namespace Sextant.Search.Updates;

/// <summary>JSON Merge Patch (RFC 7396): fields replace those of the same name, objects are merged, and null removes a field.</summary>
public static class MergePatch
{
    /// <summary>Applies a patch.</summary>
    /// <param name="metadata">The metadata; it stays unchanged.</param>
    /// <param name="patch">The patch; it stays unchanged.</param>
    /// <returns>The new metadata.</returns>
    public static JsonObject Apply(JsonObject metadata, JsonObject patch)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(patch);
        var target = (JsonObject)metadata.DeepClone();
        Merge(target, patch);
        return target;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach ((string name, JsonNode? value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                if (target[name] is not JsonObject into)
                    target[name] = into = [];
                Merge(into, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
