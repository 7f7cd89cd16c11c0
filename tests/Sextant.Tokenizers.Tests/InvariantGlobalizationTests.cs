using System.Diagnostics;
using Sextant.Tests.Shared;

namespace Sextant.Tokenizers.Tests;

/// <summary>Small containers run without ICU; a model must not read another text there.</summary>
public sealed class InvariantGlobalizationTests
{
    private const string Text = "CAFÉ Naïve ÅNGSTRÖM ẢNH ЙОД ΆΛΦΑ がぎ 한국 İstanbul ǅ STRAẞE";

    private static readonly string[] Words =
    [
        "[UNK]",
        "cafe",
        "naive",
        "angstrom",
        "anh",
        "иод",
        "αλφα",
        "かき",
        "\u1112\u1161\u11ab\u1100\u116e\u11a8",
        "istanbul",
        "ǆ",
        "straße",
    ];

    [Fact]
    public async Task Tokenization_is_the_same_without_ICU()
    {
        using Process child = ChildProgram.Start(Run, Text, ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1"));
        string output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.Equal("invariant 1 2 3 4 5 6 7 8 9 10 11", output.Trim());
        Assert.Equal("1 2 3 4 5 6 7 8 9 10 11", Tokenize(Text));
    }

    private static void Run(string text)
    {
        bool invariant = "é".Normalize(System.Text.NormalizationForm.FormD).Length == 1;
        Console.WriteLine($"{(invariant ? "invariant" : "icu")} {Tokenize(text)}");
    }

    private static string Tokenize(string text)
    {
        var ids = new List<int>();
        new WordPieceTokenizer(new WordPieceVocabulary([.. Words.Select((word, id) => KeyValuePair.Create(word, id))])).Encode(text, ids);
        return string.Join(' ', ids);
    }
}
