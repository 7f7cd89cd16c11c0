using System.CommandLine;
using Sextant.Sources;

namespace Sextant.Cli.Commands.Indexing;

/// <summary>The options that say how sources become documents, shared by <c>index</c> and <c>search</c>.</summary>
internal sealed class IndexingOptions
{
    private readonly Option<string?> _text = SourceFields.Text();
    private readonly Option<string?> _id = SourceFields.Id();
    private readonly Option<int?> _chunk = NumberOption.Whole(
        "--chunk", "Cut texts into parts of at most this many tokens; 0 leaves them whole [default: 256]", least: 0);

    private readonly Option<int> _overlap = NumberOption.Whole(
        "--overlap", "How many tokens of one part the next begins with again", least: 0, byDefault: 0);

    private readonly Option<bool> _skipBad = new("--skip-bad") { Description = "Pass over rows that cannot be read, and count them, instead of stopping" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_text, _id, _chunk, _overlap, _skipBad])
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
