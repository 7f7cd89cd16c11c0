using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SkiaSharp;

namespace Sextant.Plotting.Text;

/// <summary>
/// Writes text into the SVG as text elements, which use the viewer's fonts and can be searched and copied.
/// </summary>
internal sealed partial class SvgText : TextPainter
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly List<XElement> _texts = [];

    public override void Begin() => _texts.Clear();

    public override string Showable(string text) => text;

    public override void Draw(SKCanvas canvas, string text, float x, float y, float size, SKColor color) =>
        _texts.Add(
            new XElement(
                Svg + "text",
                new XAttribute("x", Number(x)),
                new XAttribute("y", Number(y)),
                new XAttribute("font-size", Number(size)),
                new XAttribute("fill", string.Create(CultureInfo.InvariantCulture, $"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}")),
                text
            )
        );

    /// <summary>The picture with its texts.</summary>
    public static string Complete(string svg, IEnumerable<SvgText> painters)
    {
        XAttribute font = new("font-family", $"'{Typefaces.Carried}', 'Noto Sans', sans-serif");
        XElement group = new(Svg + "g", font, painters.SelectMany(painter => painter._texts));
        // Clips are numbered by the process, and the same plot would never be the same file twice.
        Dictionary<string, string> clips = [];
        svg = ClipName()
            .Replace(
                svg,
                name =>
                {
                    if (!clips.TryGetValue(name.Value, out string? own))
                        clips[name.Value] = own = string.Create(CultureInfo.InvariantCulture, $"clip{clips.Count + 1}");
                    return own;
                }
            );
        int end = svg.LastIndexOf("</svg>", StringComparison.Ordinal);
        return new StringBuilder(svg, 0, end, svg.Length)
            .Append(group.ToString(SaveOptions.DisableFormatting))
            .Append("</svg>\n")
            .ToString();
    }

    [GeneratedRegex("cl_[0-9a-f]+", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex ClipName();

    private static string Number(float value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
