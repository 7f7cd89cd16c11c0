using Sextant.Models.Safetensors;

namespace Sextant.NuGetModels.Layouts;

/// <summary>
/// Sees to it that an adapter that travels in a package is over a model that its reader can name as well. A folder of the maker's machine
/// is not, and an address would have every text sent wherever the package says.
/// </summary>
internal static class AdapterBase
{
    private const string FileName = "adapter.safetensors",
        Key = "base_model";

    private static readonly string[] Prefixes = ["hf:", "nuget:", "openai:", "azure:", "voyage:", "cohere:", "jina:", "ollama:"];

    /// <summary>Does nothing for a folder without an adapter.</summary>
    /// <exception cref="InputException">The adapter is over a model that only its maker has, or over an address.</exception>
    public static void Check(string folder, string place)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return;
        }

        using var file = SafetensorsFile.Open(path);
        string model = file.Metadata.TryGetValue(Key, out string? named) ? named : "";
        bool known =
            Array.Exists(Prefixes, prefix => model.StartsWith(prefix, StringComparison.Ordinal))
            || (model.Length > 0 && model.IndexOfAny(['/', '\\', ':']) < 0 && !Directory.Exists(model));
        if (!known)
        {
            throw new InputException(
                $"{place}: the adapter's base model '{model}' is a folder or an address; a package needs a base model with a global name "
                    + "(sextant-small, hf:, nuget:, openai: and so on): pack the model first, and train the adapter over its nuget: name"
            );
        }
    }
}
