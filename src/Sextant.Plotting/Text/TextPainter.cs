using SkiaSharp;

namespace Sextant.Plotting.Text;

/// <summary>Writes text onto a picture.</summary>
internal abstract class TextPainter : IDisposable
{
    private readonly Dictionary<SKTypeface, SkiaSharp.HarfBuzz.SKShaper> _shapers = [];

    /// <summary>Discards all text, because the picture is drawn again.</summary>
    public virtual void Begin() { }

    /// <summary>The text as this picture can show it; empty when nothing of it can be shown.</summary>
    public abstract string Showable(string text);

    /// <summary>Writes a text whose baseline begins at (<paramref name="x"/>, <paramref name="y"/>).</summary>
    public abstract void Draw(SKCanvas canvas, string text, float x, float y, float size, SKColor color);

    /// <summary>How wide the text will be.</summary>
    public float Measure(string text, float size) => TextRun.Split(text).Sum(run => Measure(run, size));

    public void Dispose()
    {
        foreach (SkiaSharp.HarfBuzz.SKShaper shaper in _shapers.Values)
            shaper.Dispose();
    }

    protected float Measure(TextRun run, float size)
    {
        using SKFont font = new(run.Typeface, size);
        return Shaper(run.Typeface).Shape(run.Text, font).Width;
    }

    protected SkiaSharp.HarfBuzz.SKShaper Shaper(SKTypeface typeface) =>
        _shapers.TryGetValue(typeface, out SkiaSharp.HarfBuzz.SKShaper? shaper) ? shaper : _shapers[typeface] = new(typeface);
}
