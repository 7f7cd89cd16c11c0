using System.Text.Json;

namespace Sextant.Models.Tokenization.Files;

/// <summary>Reads which special tokens a post-processor puts before and after a single text.</summary>
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
                return processor.GetProperty("processors").EnumerateArray().Aggregate(
                    (Prefix: Array.Empty<int>(), Suffix: Array.Empty<int>()),
                    static (around, inner) => Read(inner) is var more
                        ? ([.. more.Prefix, .. around.Prefix], [.. around.Suffix, .. more.Suffix])
                        : around);
            case var type:
                throw new FormatException($"its post-processor '{type}' is not known");
        }
    }

    private static int Pair(JsonElement processor, string name) => TokenizerJson.Id(processor.GetProperty(name)[1], name);

    private static (int[] Prefix, int[] Suffix) ReadTemplate(JsonElement processor)
    {
        List<int> prefix = [], suffix = [];
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
            (textSeen ? suffix : prefix).AddRange(
                specials.GetProperty(name).GetProperty("ids").EnumerateArray().Select(static id => TokenizerJson.Id(id, "special token")));
        }

        return ([.. prefix], [.. suffix]);
    }
}
