using System.CommandLine;
using Sextant.Sources;

namespace Sextant.Cli.Commands.Indexing;

/// <summary>The options that say how sources become documents, shared by <c>index</c> and <c>search</c>.</summary>
internal sealed class IndexingOptions
{
    private readonly Option<string?> _text = SourceFields.Text();
    private readonly Option<string?> _id = SourceFields.Id();
    private readonly Option<int?> _chunk = NumberOption.Whole(
        "--chunk",
        "Split texts into chunks of at most this many tokens; 0 to keep them whole [default: 256]",
        least: 0
    );

    private readonly Option<int> _overlap = NumberOption.Whole("--overlap", "Tokens that consecutive chunks share", least: 0, byDefault: 0);

    private readonly Option<bool> _skipBad = new("--skip-bad") { Description = "Skip and count unreadable rows instead of stopping" };

    private readonly Option<string?> _path = new("--path")
    {
        Description = "The path of the rows in a .json file, such as data.items or /data/items [default: a top-level array]",
        HelpName = "PATH",
    };

    private readonly Option<string[]> _include = new("--include")
    {
        Description = "Read only files in folders that match this glob, such as '*.md' or 'docs/**'; repeatable",
        HelpName = "GLOB",
    };

    private readonly Option<string[]> _exclude = new("--exclude")
    {
        Description = "Exclude files and folders that match this glob; repeatable",
        HelpName = "GLOB",
    };

    private readonly Option<bool> _gitIgnore = new("--gitignore") { Description = "Exclude files that .gitignore files list" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_text, _id, _path, _include, _exclude, _gitIgnore, _chunk, _overlap, _skipBad])
            command.Options.Add(option);
    }

    public CollectionIndexerOptions Read(ParseResult parsed)
    {
        int? chunk = parsed.GetValue(_chunk);
        int overlap = parsed.GetValue(_overlap);
        if (chunk is > 0 && overlap >= chunk)
            throw new InputException($"--overlap {overlap} must be less than --chunk {chunk}");
        return new CollectionIndexerOptions
        {
            Reader = new SourceReaderOptions
            {
                TextField = parsed.GetValue(_text),
                IdField = parsed.GetValue(_id),
                JsonPath = parsed.GetValue(_path),
                Include = parsed.GetValue(_include) ?? [],
                Exclude = parsed.GetValue(_exclude) ?? [],
                UseGitIgnore = parsed.GetValue(_gitIgnore),
                SkipBad = parsed.GetValue(_skipBad),
            },
            ChunkTokens = chunk,
            OverlapTokens = overlap,
        };
    }

    /// <summary>Shows indexing on a progress line.</summary>
    public static IProgress<IndexingProgress> Show(Terminal.ProgressLine line) =>
        new Terminal.Relay<IndexingProgress>(now => line.Report("indexing", now.Indexed, now.AllRead ? now.Read : null));
}
