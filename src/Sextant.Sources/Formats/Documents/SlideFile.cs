using System.Text.Json.Nodes;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Presentation;
using Sextant.Sources.Formats.Pages;
using Drawing = DocumentFormat.OpenXml.Drawing;

namespace Sextant.Sources.Formats.Documents;

/// <summary>Presentations (.pptx): one document per slide, its title first and the speaker's notes last.</summary>
internal static class SlideFile
{
    public static IEnumerable<SourceDocument> Read(PresentationDocument package, SourceScope scope)
    {
        if (package.PresentationPart is not { Presentation.SlideIdList: { } slides } presentation)
            yield break;
        JsonObject metadata = OfficeFile.Title(package);
        PageSections sections = new(scope, metadata);
        int number = 0;
        foreach (SlideId id in slides.Elements<SlideId>())
        {
            number++;
            if (
                id.RelationshipId?.Value is not { } relation
                || presentation.GetPartById(relation) is not SlidePart { Slide.CommonSlideData.ShapeTree: { } tree } part
            )
            {
                continue;
            }

            List<string> blocks = [];
            string title = "";
            foreach (OpenXmlElement shape in tree.Descendants().Where(static e => e is Shape or Drawing.Table))
            {
                string text = shape is Shape own
                    ? TextOf(own)
                    : MarkdownTable.Render(
                        shape.Elements<Drawing.TableRow>().Select(static row => row.Elements<Drawing.TableCell>().Select(TextOf))
                    );
                if (text.Length == 0)
                    continue;
                if (
                    title.Length == 0
                    && shape is Shape { NonVisualShapeProperties.ApplicationNonVisualDrawingProperties.PlaceholderShape: { } holder }
                    && IsTitle(holder)
                )
                {
                    title = text.ReplaceLineEndings(" ");
                    blocks.Insert(0, title);
                }
                else
                {
                    blocks.Add(text.TrimEnd('\n'));
                }
            }

            blocks.AddRange(Notes(part));
            if (sections.Part("slide", number, string.Join("\n\n", blocks), title) is { } slide)
                yield return slide;
        }
    }

    private static IEnumerable<string> Notes(SlidePart part) =>
        (part.NotesSlidePart?.NotesSlide?.CommonSlideData?.ShapeTree?.Elements<Shape>() ?? [])
            .Where(static shape =>
                shape.NonVisualShapeProperties?.ApplicationNonVisualDrawingProperties?.PlaceholderShape?.Type?.Value
                == PlaceholderValues.Body
            )
            .Select(TextOf)
            .Where(static text => text.Length > 0);

    private static bool IsTitle(PlaceholderShape holder) =>
        holder.Type?.Value is { } type && (type == PlaceholderValues.Title || type == PlaceholderValues.CenteredTitle);

    private static string TextOf(OpenXmlElement parent) =>
        string.Join(
            '\n',
            parent
                .Descendants<Drawing.Paragraph>()
                .Select(static p =>
                    string.Concat(
                            p.Descendants()
                                .Select(static e =>
                                    e is Drawing.Text text ? text.Text
                                    : e is Drawing.Break ? "\n"
                                    : ""
                                )
                        )
                        .Trim()
                )
                .Where(static line => line.Length > 0)
        );
}
