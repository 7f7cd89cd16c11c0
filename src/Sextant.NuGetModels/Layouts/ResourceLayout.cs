using Sextant.NuGetModels.Packages;

namespace Sextant.NuGetModels.Layouts;

/// <summary>
/// A model as embedded resources of an assembly in <c>lib/</c>: <c>PREFIX.model.onnx</c>, <c>PREFIX.vocab.txt</c> and so on, as packages
/// carry it whose own code reads it back.
/// </summary>
internal static class ResourceLayout
{
    private static readonly string[] Weights = ["model.onnx", "model.safetensors", "adapter.safetensors"];

    // The names of resources have dots where files have slashes, and an underscore before a folder's digit.
    private static readonly (string Resource, string File)[] Others =
    [
        .. (
            (string[])
                [
                    "config.json",
                    "modules.json",
                    "config_sentence_transformers.json",
                    "sentence_bert_config.json",
                    "tokenizer.json",
                    "tokenizer_config.json",
                    "special_tokens_map.json",
                    "added_tokens.json",
                    "vocab.txt",
                    "vocab.json",
                    "merges.txt",
                    "sentencepiece.bpe.model",
                    "spiece.model",
                    "tokenizer.model",
                    "golden.jsonl",
                ]
        ).Select(static name => (name, name)),
        ("_1_Pooling.config.json", "1_Pooling/config.json"),
    ];

    private static readonly string[] Vocabularies =
    [
        "tokenizer.json",
        "vocab.txt",
        "vocab.json",
        "sentencepiece.bpe.model",
        "spiece.model",
        "tokenizer.model",
    ];

    /// <summary>The files of the model; <see langword="null"/> if the package has none.</summary>
    /// <param name="package">The package.</param>
    /// <param name="scratch">A folder for the assembly while it is read.</param>
    /// <param name="cancellationToken">Cancels copying.</param>
    public static IReadOnlyList<ModelFile>? TryRead(PackageFile package, string scratch, CancellationToken cancellationToken)
    {
        foreach (string path in package.Entries.Keys.Where(IsAssembly).Order(StringComparer.Ordinal))
        {
            string file = Path.Combine(scratch, "assembly.dll");
            using (FileStream copy = File.Create(file))
            using (Stream entry = package.OpenEntry(path))
            {
                ModelUnpacker.Copy(entry, copy, cancellationToken);
            }

            string place = $"{package.Name}: {path}";
            IReadOnlyList<AssemblyResources.Resource> resources;
            using (FileStream assembly = File.OpenRead(file))
            {
                resources = AssemblyResources.Read(assembly, place);
            }

            if (Select(resources, place) is { } found)
            {
                return [.. found.Select(f => new ModelFile(f.File, () => OpenRange(file, f.Resource)))];
            }
        }

        return null;
    }

    private static bool IsAssembly(string path) =>
        path.StartsWith("lib/", StringComparison.OrdinalIgnoreCase) && path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);

    private static (string File, AssemblyResources.Resource Resource)[]? Select(
        IReadOnlyList<AssemblyResources.Resource> resources,
        string place
    )
    {
        AssemblyResources.Resource[] weights = [.. resources.Where(static r => Array.Exists(Weights, w => EndsWith(r.Name, w)))];
        if (weights.Length == 0)
        {
            return null;
        }

        if (weights.Length > 1)
        {
            throw new InputException(
                $"{place}: it contains {weights.Length} models ({string.Join(", ", weights.Select(static w => w.Name))}); a model "
                    + $"package contains one"
            );
        }

        string name = Array.Find(Weights, w => EndsWith(weights[0].Name, w))!;
        string prefix = weights[0].Name[..^name.Length];
        (string File, AssemblyResources.Resource Resource)[] files =
        [
            (name, weights[0]),
            .. Others.SelectMany(o => resources.Where(r => r.Name == prefix + o.Resource).Take(1).Select(r => (o.File, r))),
        ];
        return files.Any(f => Vocabularies.Contains(f.File)) || name == "adapter.safetensors"
            ? files
            : throw new InputException(
                $"{place}: '{weights[0].Name}' has no vocabulary (looked for "
                    + $"{string.Join(", ", Vocabularies.Select(v => prefix + v))})"
            );
    }

    private static bool EndsWith(string resource, string file) =>
        resource == file || resource.EndsWith("." + file, StringComparison.Ordinal);

    private static RangeStream OpenRange(string file, AssemblyResources.Resource resource)
    {
        FileStream stream = File.OpenRead(file);
        stream.Position = resource.Offset;
        return new RangeStream(stream, resource.Length);
    }
}
