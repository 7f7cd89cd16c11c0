using Sextant.Plotting.Text;

namespace Sextant.Plotting.Tests.Text;

public sealed class TextRunTests
{
    /// <summary>A character of the private use area that no font has.</summary>
    private const string Nowhere = "\U0010FF12";

    [Fact]
    public void Bundled_font_draws_European_and_Semitic_scripts_everywhere()
    {
        foreach (string text in (string[])["Straße café", "Ελληνικά", "Кириллица", "עברית", "العربية", "→ ½ €"])
            Assert.All(TextRun.Split(text), run => Assert.Same(Typefaces.Own, run.Typeface));
    }

    [Fact]
    public void Undrawable_text_becomes_one_ellipsis_and_no_boxes()
    {
        IReadOnlyList<TextRun> runs = TextRun.Split($"ab{Nowhere}{Nowhere}{Nowhere}cd");

        Assert.Equal("ab…cd", string.Concat(runs.Select(run => run.Text)));
    }

    [Fact]
    public void Entirely_undrawable_text_is_not_shown()
    {
        using PixelText pixels = new();

        Assert.Equal("", pixels.Showable(Nowhere + " " + Nowhere));
        Assert.Equal($"a {Nowhere}", pixels.Showable($"a {Nowhere}"));
    }

    [Fact]
    public void Right_to_left_text_is_laid_out_right_to_left_with_numbers_left_to_right()
    {
        IReadOnlyList<TextRun> runs = TextRun.Split("שלום 123");

        Assert.Equal([("123", false), ("שלום ", true)], runs.Select(run => (run.Text, run.RightToLeft)));
    }

    [Fact]
    public void Wider_text_has_a_greater_width()
    {
        using PixelText pixels = new();

        Assert.True(pixels.Measure("mmmm", 10) > pixels.Measure("iiii", 10));
        Assert.Equal(2 * pixels.Measure("mmmm", 10), pixels.Measure("mmmm", 20), 0.2f);
    }
}
