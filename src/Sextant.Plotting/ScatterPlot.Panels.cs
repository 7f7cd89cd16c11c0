using Sextant.Plotting.Scatter;
using Sextant.Plotting.Text;
using SkiaSharp;

namespace Sextant.Plotting;

public static partial class ScatterPlot
{
    /// <summary>Several plots in one PNG, with one title and one legend.</summary>
    /// <param name="panels">The plots, at least one, in rows from left to right.</param>
    /// <param name="options">How all of them look.</param>
    /// <exception cref="InputException">
    /// There are no panels, a panel lacks the field of the colors, or an option is out of range.
    /// </exception>
    public static byte[] ToPng(IReadOnlyList<PlotPanel> panels, ScatterPlotOptions? options = null)
    {
        options ??= new();
        PlotFigure figure = Compose(panels, options);
        double scale = options.Dpi / LogicalDpi;
        SKImageInfo size = new((int)Math.Round(options.Width * options.Dpi), (int)Math.Round(options.Height * options.Dpi));
        using SKSurface surface = SKSurface.Create(size);
        surface.Canvas.Scale((float)scale);
        List<PixelText> painters = [];
        try
        {
            figure.Draw(surface.Canvas, new((float)(size.Width / scale), (float)(size.Height / scale)), () => Add(painters, new()));
        }
        finally
        {
            painters.ForEach(painter => painter.Dispose());
        }

        using SKImage image = surface.Snapshot();
        using SKData data = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }

    /// <summary>Several plots in one SVG document, with one title and one legend, its texts as text.</summary>
    /// <param name="panels">The plots, at least one, in rows from left to right.</param>
    /// <param name="options">How all of them look.</param>
    /// <exception cref="InputException">
    /// There are no panels, a panel lacks the field of the colors, or an option is out of range.
    /// </exception>
    public static string ToSvg(IReadOnlyList<PlotPanel> panels, ScatterPlotOptions? options = null)
    {
        options ??= new();
        PlotFigure figure = Compose(panels, options);
        SKSize size = new((float)(options.Width * LogicalDpi), (float)(options.Height * LogicalDpi));
        using MemoryStream drawn = new();
        List<SvgText> painters = [];
        try
        {
            using (SKCanvas canvas = SKSvgCanvas.Create(SKRect.Create(size), drawn))
                figure.Draw(canvas, size, () => Add(painters, new()));
            return SvgText.Complete(System.Text.Encoding.UTF8.GetString(drawn.ToArray()), painters);
        }
        finally
        {
            painters.ForEach(painter => painter.Dispose());
        }
    }

    private static PlotFigure Compose(IReadOnlyList<PlotPanel> panels, ScatterPlotOptions options)
    {
        ArgumentNullException.ThrowIfNull(panels);
        options.Check();
        return panels.Count == 0 ? throw new InputException("nothing to plot; add a panel") : new(panels, options);
    }

    private static T Add<T>(List<T> painters, T painter)
    {
        painters.Add(painter);
        return painter;
    }
}
