using System.CommandLine;
using System.Globalization;
using Sextant.Training.Data;
using Sextant.Training.FineTuning;
using Sextant.Training.Losses;
using Sextant.Training.Mining;
using Sextant.Training.Runs;

namespace Sextant.Cli.Commands.Training;

/// <summary>The options of <c>sextant train</c> that decide what comes of a run, and what they say.</summary>
internal sealed class TrainOptions
{
    private static readonly Dictionary<string, Func<float?, IEmbeddingLoss?>> Losses = new(StringComparer.Ordinal)
    {
        ["auto"] = static _ => null,
        ["mnrl"] = static temperature => new MultipleNegativesSymmetricRankingLoss(1 / (temperature ?? 0.05f)),
        ["infonce"] = static temperature => new InfoNceLoss(temperature ?? 0.07f),
        ["triplet"] = static temperature =>
            temperature is null
                ? new TripletLoss()
                : throw new InputException("the triplet loss has no temperature; omit --temperature, or choose another --loss"),
        ["cosent"] = static temperature => new CoSentLoss(1 / (temperature ?? 0.05f)),
    };

    private static readonly FineTuningOptions Defaults = new();
    private static readonly MiningOptions MiningDefaults = new();

    private readonly Option<int> _epochs = NumberOption.Whole("--epochs", "Passes over the pairs", least: 1, Defaults.Epochs);
    private readonly Option<int> _batch = NumberOption.Whole(
        "--batch",
        "Pairs per batch; more pairs give more negatives",
        least: 2,
        Defaults.Batch
    );
    private readonly Option<int> _accumulation = NumberOption.Whole(
        "--accumulation",
        "Batches per optimizer step (gradient accumulation)",
        least: 1,
        Defaults.Accumulation
    );
    private readonly Option<int?> _warmup = NumberOption.Whole(
        "--warmup",
        "Warm-up steps [default: a tenth of all steps, at most 100]",
        least: 0
    );
    private readonly Option<float?> _rate = Number(
        "--learning-rate",
        "The peak learning rate [default: 0.01; 0.001 for adapters, 0.00002 for transformers]",
        1e-9f,
        100,
        "--lr"
    );
    private readonly Option<string> _schedule = ChoiceOption.CreateWithDefault(
        "--schedule",
        "The learning-rate schedule after warm-up",
        "linear",
        "cosine"
    );
    private readonly Option<float?> _clip = Number("--clip", "Clip gradients to this norm", 1e-9f, 1e9f);
    private readonly Option<string> _loss = ChoiceOption.CreateWithDefault(
        "--loss",
        "The loss to minimize; auto chooses by the data",
        [.. Losses.Keys]
    );
    private readonly Option<float?> _temperature = Number(
        "--temperature",
        "The temperature of the loss [default: 0.05; 0.07 for infonce]",
        1e-4f,
        100
    );
    private readonly Option<string?> _matryoshka = new("--matryoshka")
    {
        Description = "Dimensions to train for (Matryoshka), such as 256,128,64 [default: the base model's]",
        HelpName = "N,N,…",
    };
    private readonly Option<string?> _validation = new("--validation")
    {
        Description = "Held-out pairs to evaluate on: a share of the pairs, or a file",
        HelpName = "SHARE|FILE",
        DefaultValueFactory = _ => "0.1",
    };
    private readonly Option<int> _patience = NumberOption.Whole(
        "--patience",
        "Stop after this many epochs without a better score, and keep the best; 0 for never",
        least: 0,
        Defaults.Patience
    );
    private readonly Option<int?> _mine = NumberOption.Whole(
        "--mine-negatives",
        "Mine this many hard negatives per pair before training",
        least: 1
    );
    private readonly Option<string?> _mineRanks = new("--mine-ranks")
    {
        Description =
            $"The ranks of an anchor's nearest texts to mine negatives from [default: "
            + $"{MiningDefaults.SkipNearest + 1}-{MiningDefaults.Depth}]",
        HelpName = "FROM-TO",
    };
    private readonly Option<float?> _mineMargin = NumberOption.Between(
        "--mine-margin",
        "Minimum relative gap between a negative's and the positive's similarity [default: 0.05]",
        0,
        0.99f
    );
    private readonly Option<bool> _duplicates = new("--allow-duplicates") { Description = "Allow a text to appear twice in a batch" };
    private readonly Option<int> _maxTokens = NumberOption.Whole(
        "--max-tokens",
        "Tokens of each text to train on",
        least: 1,
        Defaults.MaxTokens
    );
    private readonly Option<int> _seed = NumberOption.Whole("--seed", "The random seed", least: 0, (int)Defaults.Seed);

    public void AddTo(Command command)
    {
        foreach (
            Option option in (Option[])
                [
                    _epochs,
                    _batch,
                    _accumulation,
                    _warmup,
                    _rate,
                    _schedule,
                    _clip,
                    _loss,
                    _temperature,
                    _matryoshka,
                    _validation,
                    _patience,
                    _mine,
                    _mineRanks,
                    _mineMargin,
                    _duplicates,
                    _maxTokens,
                    _seed,
                ]
        )
        {
            command.Options.Add(option);
        }
    }

    public FineTuningOptions Read(ParseResult parsed)
    {
        string validation = parsed.GetValue(_validation) ?? "";
        bool isShare = double.TryParse(validation, NumberStyles.Float, CultureInfo.InvariantCulture, out double share);
        float? temperature = parsed.GetValue(_temperature);
        IEmbeddingLoss? loss = Losses[parsed.GetRequiredValue(_loss)](temperature);
        return new FineTuningOptions
        {
            Epochs = parsed.GetValue(_epochs),
            Batch = parsed.GetValue(_batch),
            Accumulation = parsed.GetValue(_accumulation),
            Warmup = parsed.GetValue(_warmup),
            LearningRate = parsed.GetValue(_rate),
            Decay = parsed.GetValue(_schedule) is "cosine" ? LearningRateDecay.Cosine : LearningRateDecay.Linear,
            MaxGradientNorm = parsed.GetValue(_clip) ?? 0,
            Loss = loss,
            Temperature = loss is null ? temperature : null,
            Matryoshka = parsed.GetValue(_matryoshka) is { } lengths ? Lengths(lengths) : null,
            ValidationFraction = isShare ? share : 0,
            Validation = isShare ? null : PairCollection.FromFiles(validation),
            Patience = parsed.GetValue(_patience),
            Mining = Mining(parsed),
            AllowDuplicates = parsed.GetValue(_duplicates),
            MaxTokens = parsed.GetValue(_maxTokens),
            Seed = (ulong)parsed.GetValue(_seed),
        };
    }

    private MiningOptions? Mining(ParseResult parsed)
    {
        (int skip, int depth) = (MiningDefaults.SkipNearest, MiningDefaults.Depth);
        string? ranks = parsed.GetValue(_mineRanks);
        float? margin = parsed.GetValue(_mineMargin);
        if (parsed.GetValue(_mine) is not { } negatives)
        {
            return ranks is null && margin is null
                ? null
                : throw new InputException("--mine-ranks and --mine-margin need --mine-negatives; add --mine-negatives N");
        }

        if (ranks is not null)
        {
            string[] ends = ranks.Split('-');
            if (
                ends.Length != 2
                || !int.TryParse(ends[0], CultureInfo.InvariantCulture, out int from)
                || !int.TryParse(ends[1], CultureInfo.InvariantCulture, out depth)
                || from < 1
                || depth < from
            )
            {
                throw new InputException($"--mine-ranks must be two ranks such as 5-50, not '{ranks}'");
            }

            skip = from - 1;
        }

        return new MiningOptions
        {
            Negatives = negatives,
            SkipNearest = skip,
            Depth = depth,
            Margin = margin ?? MiningDefaults.Margin,
        };
    }

    public static int[] Lengths(string typed) =>
        [
            .. typed
                .Split(',')
                .Select(part =>
                    int.TryParse(part, CultureInfo.InvariantCulture, out int length) && length >= 1
                        ? length
                        : throw new InputException($"--matryoshka must be dimensions such as 256,128,64, not '{typed}'")
                ),
        ];

    private static Option<float?> Number(string name, string description, float least, float most, params string[] aliases)
    {
        Option<float?> option = NumberOption.Between(name, description, least, most);
        foreach (string alias in aliases)
        {
            option.Aliases.Add(alias);
        }

        return option;
    }
}
