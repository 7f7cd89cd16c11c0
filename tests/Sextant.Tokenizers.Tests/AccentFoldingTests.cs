using System.Globalization;
using System.Text;

namespace Sextant.Tokenizers.Tests;

public sealed class AccentFoldingTests
{
    [Fact]
    public void Folding_matches_Unicode_decomposition_without_marks()
    {
        // ICU's own tables are the reference; without them there is nothing to compare with.
        Assert.SkipUnless("é".Normalize(NormalizationForm.FormD).Length == 2, "This runtime has no Unicode normalization.");
        Span<char> folded = stackalloc char[AccentFolding.MaxLength];
        var wrong = new List<string>();
        for (int value = 0x80; value <= 0x10FFFF; value++)
        {
            if (
                !Rune.IsValid(value)
                || Rune.GetUnicodeCategory(new Rune(value)) == UnicodeCategory.OtherNotAssigned
                || value is 0x2000 or 0x2001
            )
            {
                continue;
            }

            var rune = new Rune(value);
            string expected = string.Concat(
                rune.ToString().Normalize(NormalizationForm.FormD).EnumerateRunes().Where(r => !UnicodeClasses.IsNonSpacingMark(r))
            );
            if (!folded[..AccentFolding.Fold(rune, folded)].SequenceEqual(expected))
            {
                wrong.Add($"U+{value:X4}");
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData('é', "e")]
    [InlineData('Å', "A")]
    [InlineData('ệ', "e")]
    [InlineData('й', "и")]
    [InlineData('が', "か")]
    [InlineData('한', "\u1112\u1161\u11AB")]
    [InlineData('\u0301', "")]
    [InlineData('ø', "ø")]
    public void Letters_lose_their_accents(char letter, string expected)
    {
        Span<char> folded = stackalloc char[AccentFolding.MaxLength];
        Assert.Equal(expected, folded[..AccentFolding.Fold(new Rune(letter), folded)].ToString());
    }
}
