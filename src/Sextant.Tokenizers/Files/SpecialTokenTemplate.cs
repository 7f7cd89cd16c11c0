using System.Text.Json;

namespace Sextant.Tokenizers.Files;

/// <summary>Reads which special tokens a post-processor puts around a single text, and around and between two.</summary>
internal static class SpecialTokenTemplate
{
    public static (int[] Prefix, int[] Suffix) Read(JsonElement processor)
    {
        switch (processor.StringOrNull("type"))
        {
            case "BertProcessing" or "RobertaProcessing":
                return ([Pair(processor, "cls")], [Pair(processor, "sep")]);
            case "ByteLevel":
                // It only moves offsets.
                return ([], []);
            case "TemplateProcessing":
                return ReadTemplate(processor);
            case "Sequence":
                return processor
                    .GetProperty("processors")
                    .EnumerateArray()
                    .Aggregate(
                        (Prefix: Array.Empty<int>(), Suffix: Array.Empty<int>()),
                        static (around, inner) =>
                            Read(inner) is var more ? ([.. more.Prefix, .. around.Prefix], [.. around.Suffix, .. more.Suffix]) : around
                    );
            case var type:
                throw new FormatException($"its post-processor '{type}' is not supported");
        }
    }

    /// <summary>
    /// How two texts are put together; <see langword="null"/> where that cannot be read, which must not keep a model from reading single
    /// texts.
    /// </summary>
    public static PairTemplate? TryReadPair(JsonElement? processor)
    {
        try
        {
            return processor is { } post ? ReadPair(post) ?? PairTemplate.Plain() : PairTemplate.Plain();
        }
        catch (Exception e) when (TokenizerJson.IsDamage(e))
        {
            return null;
        }
    }

    /// <summary><see langword="null"/> for a processor that adds nothing.</summary>
    private static PairTemplate? ReadPair(JsonElement processor) =>
        processor.StringOrNull("type") switch
        {
            "BertProcessing" => PairTemplate.Bert(Pair(processor, "cls"), Pair(processor, "sep")),
            "RobertaProcessing" => PairTemplate.Roberta(Pair(processor, "cls"), Pair(processor, "sep")),
            "TemplateProcessing" => ReadPairTemplate(processor),
            "Sequence" => processor
                .GetProperty("processors")
                .EnumerateArray()
                .Select(ReadPair)
                .LastOrDefault(static pair => pair is not null),
            _ => null,
        };

    private static PairTemplate ReadPairTemplate(JsonElement processor)
    {
        JsonElement specials = processor.GetProperty("special_tokens");
        return new PairTemplate([
            .. processor
                .GetProperty("pair")
                .EnumerateArray()
                .Select(item =>
                {
                    bool isText = item.TryGetProperty("Sequence", out JsonElement part);
                    part = isText ? part : item.GetProperty("SpecialToken");
                    byte type = part.GetProperty("type_id").GetByte();
                    string id = part.GetProperty("id").RequiredString("template part");
                    return isText
                        ? PairPiece.Text(id == "A" ? PairPart.First : PairPart.Second, type)
                        : new PairPiece(PairPart.Special, type, ReadIds(specials, id));
                }),
        ]);
    }

    private static int[] ReadIds(JsonElement specials, string name) =>
        [.. specials.GetProperty(name).GetProperty("ids").EnumerateArray().Select(static id => TokenizerJson.Id(id, "special token"))];

    private static int Pair(JsonElement processor, string name) => TokenizerJson.Id(processor.GetProperty(name)[1], name);

    private static (int[] Prefix, int[] Suffix) ReadTemplate(JsonElement processor)
    {
        List<int> prefix = [],
            suffix = [];
        JsonElement specials = processor.GetProperty("special_tokens");
        bool textSeen = false;
        foreach (JsonElement item in processor.GetProperty("single").EnumerateArray())
        {
            if (item.TryGetProperty("Sequence", out _))
            {
                textSeen = !textSeen ? true : throw new FormatException("its template has the text twice");
                continue;
            }

            string name = item.GetProperty("SpecialToken").GetProperty("id").RequiredString("special token");
            (textSeen ? suffix : prefix).AddRange(ReadIds(specials, name));
        }

        return ([.. prefix], [.. suffix]);
    }
}
