using SkiaSharp;
using SkiaSharp.HarfBuzz;

namespace Sextant.Plotting.Text;

/// <summary>Text as pixels: shaped with the fonts of this machine.</summary>
internal sealed class PixelText : TextPainter
{
    public override string Showable(string text)
    {
        string shown = string.Concat(TextRun.Split(text).Select(run => run.Text));
        return shown.Trim(' ', '…').Length == 0 ? "" : text;
    }

    public override void Draw(SKCanvas canvas, string text, float x, float y, float size, SKColor color)
    {
        using SKPaint paint = new() { Color = color, IsAntialias = true };
        foreach (TextRun run in TextRun.Split(text))
        {
            using SKFont font = new(run.Typeface, size) { Subpixel = true };
            canvas.DrawShapedText(Shaper(run.Typeface), run.Text, x, y, font, paint);
            x += Measure(run, size);
        }
    }
}
