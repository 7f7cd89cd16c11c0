using System.Text;
using Sextant.Plotting;

namespace Sextant.Cli.Commands.Plotting;

/// <summary>The file of a plot; its extension says what is drawn.</summary>
internal sealed class PlotFile
{
    private readonly string _extension;

    /// <exception cref="InputException">The extension is not one of a plot.</exception>
    public PlotFile(string path)
    {
        Path = path;
        _extension = System.IO.Path.GetExtension(path).ToLowerInvariant();
        if (_extension is not (".png" or ".svg" or ".html"))
            throw new InputException($"{path}: unknown output format; use the extension .png, .svg or .html");
    }

    public string Path { get; }

    /// <summary>Whether texts become pixels, by the fonts of this machine.</summary>
    public bool IsPixels => _extension == ".png";

    /// <summary>Whether the file is an interactive page.</summary>
    public bool IsPage => _extension == ".html";

    /// <summary>Draws several plots into an image, completely or not at all.</summary>
    public void Write(IReadOnlyList<PlotPanel> panels, ScatterPlotOptions options) =>
        AtomicFile.Write(
            Path,
            file => file.Write(IsPixels ? ScatterPlot.ToPng(panels, options) : Encoding.UTF8.GetBytes(ScatterPlot.ToSvg(panels, options)))
        );

    /// <summary>Draws the file, completely or not at all.</summary>
    /// <param name="data">The points.</param>
    /// <param name="options">How an image looks; a page takes what it can show.</param>
    public void Write(MapData data, ScatterPlotOptions options) =>
        AtomicFile.Write(
            Path,
            file =>
            {
                if (IsPage)
                {
                    InteractiveMap.WriteHtml(
                        file,
                        data,
                        new()
                        {
                            Label = options.Label,
                            Title = options.Title,
                            Theme = options.Theme == PlotTheme.Dark ? PlotTheme.Dark : null,
                            Palette = options.Palette,
                            MaxCategories = options.MaxCategories,
                        }
                    );
                }
                else
                {
                    file.Write(IsPixels ? ScatterPlot.ToPng(data, options) : Encoding.UTF8.GetBytes(ScatterPlot.ToSvg(data, options)));
                }
            }
        );
}
