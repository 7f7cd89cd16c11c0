using System.CommandLine;

namespace Sextant.Cli.Commands;

/// <summary>The options that say which fields of a source hold what.</summary>
internal static class SourceFields
{
    public static Option<string?> Text() =>
        new("--text") { Description = "The field or column with the text [default: text, or the first likely one]", HelpName = "FIELD" };

    public static Option<string?> Id() =>
        new("--id") { Description = "The field or column with the document id [default: id]", HelpName = "FIELD" };
}
