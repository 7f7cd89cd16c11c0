using System.CommandLine;
using Sextant.Cli.Help;
using Sextant.Embedding;

namespace Sextant.Cli.Commands.Collections;

/// <summary>The arguments and options of <c>sextant collection reembed</c>.</summary>
internal sealed class ReembedSyntax
{
    private readonly Argument<string> _collection = new("COLLECTION")
    {
        Description = "The collection: a folder, or postgres://user@host/database#collection",
    };
    private readonly Option<OverflowPolicy?> _overflow = PaidRun.LongTexts(OverflowPolicy.Chunk);
    private readonly Option<float?> _maxCost = PaidRun.MaxCost();
    private readonly Option<bool> _rollback = new("--rollback")
    {
        Description = "Return to the previous model; documents written since are embedded with it",
    };
    private readonly Option<bool> _dropOld = new("--drop-old") { Description = "Delete the vectors of the previous model" };
    private readonly Option<bool> _abandon = new("--abandon") { Description = "Cancel an unfinished move, and delete its vectors" };

    public Verb CreateVerb() =>
        new("reembed", "Move a collection to another model; searches use the old vectors until all new ones exist.")
        {
            Arguments = { _collection },
            Options = { _overflow, _maxCost, _rollback, _dropOld, _abandon },
            AfterInterrupt = "interrupted; stored documents are kept; run the same command again to continue",
            Examples =
            [
                (
                    "sextant collection reembed faq.sextant --model openai:text-embedding-3-small --max-cost 1",
                    "moves it to another model; resumes if interrupted"
                ),
                ("sextant collection reembed faq.sextant --rollback", "returns to the previous vectors, which are kept"),
                ("sextant collection reembed faq.sextant --drop-old", "deletes the previous vectors"),
            ],
        };

    /// <exception cref="InputException">None or several of the things that this command can do are asked for.</exception>
    public ReembedRequest Read(ParseResult parsed)
    {
        string? model = parsed.GetValue(CommonOptions.Model);
        return new()
        {
            Collection = parsed.GetRequiredValue(_collection),
            Work = ReadWork(parsed, hasTarget: model is not null || parsed.GetValue(CommonOptions.Dimensions) is not null),
            Model = model,
            MaxCost = parsed.GetValue(_maxCost),
            Engine = ChosenModel.Engine(parsed, createIfMissing: false, parsed.GetValue(_overflow) ?? OverflowPolicy.Chunk),
        };
    }

    private ReembedWork ReadWork(ParseResult parsed, bool hasTarget)
    {
        List<ReembedWork> given = [];
        if (hasTarget)
            given.Add(ReembedWork.Move);
        if (parsed.GetValue(_rollback))
            given.Add(ReembedWork.RollBack);
        if (parsed.GetValue(_dropOld))
            given.Add(ReembedWork.DropPrevious);
        if (parsed.GetValue(_abandon))
            given.Add(ReembedWork.Abandon);
        return given.Count switch
        {
            0 => throw new InputException("name the model to move to with --model (or use --rollback, --drop-old or --abandon)"),
            1 => given[0],
            _ => throw new InputException("--model, --rollback, --drop-old and --abandon exclude each other; use one of them"),
        };
    }
}

/// <summary>The actions of <c>sextant collection reembed</c>.</summary>
internal enum ReembedWork
{
    /// <summary>Embeds everything with another model.</summary>
    Move,

    /// <summary>Goes back to the model before.</summary>
    RollBack,

    /// <summary>Deletes the vectors of the model before.</summary>
    DropPrevious,

    /// <summary>Deletes the vectors of an unfinished move.</summary>
    Abandon,
}

/// <summary>The parsed options of <c>sextant collection reembed</c>.</summary>
internal sealed record ReembedRequest
{
    public required string Collection { get; init; }

    public required ReembedWork Work { get; init; }

    /// <summary>The model to move to; the collection's own when <see langword="null"/>.</summary>
    public required string? Model { get; init; }

    public required float? MaxCost { get; init; }

    /// <summary>How the collection is opened once it has moved.</summary>
    public required SemanticSearchEngineOptions Engine { get; init; }
}
