using Sextant.Plotting.Text;

namespace Sextant.Plotting.Tests.Text;

public sealed class TextRunTests
{
    /// <summary>A character of the private use area that no font has.</summary>
    private const string Nowhere = "\U0010FF12";

    [Fact]
    public void The_carried_font_draws_European_and_Semitic_scripts_wherever_it_runs()
    {
        foreach (string text in (string[])["Straße café", "Ελληνικά", "Кириллица", "עברית", "العربية", "→ ½ €"])
            Assert.All(TextRun.Split(text), run => Assert.Same(Typefaces.Own, run.Typeface));
    }

    [Fact]
    public void What_no_font_can_draw_becomes_one_ellipsis_and_never_boxes()
    {
        IReadOnlyList<TextRun> runs = TextRun.Split($"ab{Nowhere}{Nowhere}{Nowhere}cd");

        Assert.Equal("ab…cd", string.Concat(runs.Select(run => run.Text)));
    }

    [Fact]
    public void A_text_of_nothing_that_can_be_drawn_is_not_shown()
    {
        using PixelText pixels = new();

        Assert.Equal("", pixels.Showable(Nowhere + " " + Nowhere));
        Assert.Equal($"a {Nowhere}", pixels.Showable($"a {Nowhere}"));
    }

    [Fact]
    public void Text_that_begins_from_the_right_stands_from_the_right_and_its_numbers_from_the_left()
    {
        IReadOnlyList<TextRun> runs = TextRun.Split("שלום 123");

        Assert.Equal([("123", false), ("שלום ", true)], runs.Select(run => (run.Text, run.RightToLeft)));
    }

    [Fact]
    public void Wider_text_measures_wider()
    {
        using PixelText pixels = new();

        Assert.True(pixels.Measure("mmmm", 10) > pixels.Measure("iiii", 10));
        Assert.Equal(2 * pixels.Measure("mmmm", 10), pixels.Measure("mmmm", 20), 0.2f);
    }
}
