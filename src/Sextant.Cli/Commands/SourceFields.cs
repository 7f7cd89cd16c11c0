using System.CommandLine;

namespace Sextant.Cli.Commands;

/// <summary>The options that say which fields of a source hold what.</summary>
internal static class SourceFields
{
    public static Option<string?> Text() => new("--text")
    {
        Description = "The field or column that holds the text [default: text, or the first that looks like it]",
        HelpName = "FIELD",
    };

    public static Option<string?> Id() => new("--id")
    {
        Description = "The field or column that names a document [default: id]",
        HelpName = "FIELD",
    };
}
