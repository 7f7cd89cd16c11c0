using System.Globalization;
using System.Text.Json.Nodes;
using MimeKit;
using Sextant.Sources.Formats.Pages;

namespace Sextant.Sources.Formats.Documents;

/// <summary>E-mail messages (.eml): the subject and the body, without attachments, which are named.</summary>
internal static class MailFile
{
    public static IEnumerable<SourceDocument> Read(Stream stream, SourceScope scope)
    {
        if (Load(stream, scope) is not { } message)
            yield break;
        JsonObject metadata = [];
        Add("title", message.Subject);
        Add("from", message.From.ToString());
        Add("to", message.To.ToString());
        if (message.Date != default)
            Add("date", message.Date.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));
        string[] names =
        [
            .. message.Attachments.Select(static part => part.ContentDisposition?.FileName ?? part.ContentType.Name).OfType<string>(),
        ];
        if (names.Length > 0)
            metadata["attachments"] = new JsonArray([.. names.Select(static name => JsonValue.Create(name))]);
        string body = message.TextBody ?? (message.HtmlBody is { } html ? HtmlPage.TextOf(html) : "");
        string text = string.Join(
            "\n\n",
            new[] { message.Subject, body.ReplaceLineEndings("\n") }
                .Select(static part => part?.Trim())
                .Where(static part => part is { Length: > 0 })
        );
        if (new PageSections(scope, metadata).Section(text, 1) is { } mail)
            yield return mail;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value))
                metadata[name] = value;
        }
    }

    private static MimeMessage? Load(Stream stream, SourceScope scope)
    {
        try
        {
            return MimeMessage.Load(stream);
        }
        catch (FormatException e)
        {
            scope.Bad(1, $"the file is not an e-mail message ({SourceScope.Reason(e)})", e);
            return null;
        }
    }
}
