using System.CommandLine;
using Sextant.Training.Distillation;

namespace Sextant.Cli.Commands.Training;

/// <summary>The options of <c>sextant distill</c> that decide its result.</summary>
internal sealed class DistillOptions
{
    private static readonly DistillationOptions Defaults = new();

    private readonly Option<string?> _vocabulary = new("--vocabulary")
    {
        Description = "Use the vocabulary of this model folder, or of the teacher [default: learned from the corpus]",
        HelpName = "FOLDER|teacher",
    };
    private readonly Option<int> _size = NumberOption.Whole(
        "--vocabulary-size",
        "Size of the vocabulary learned from the corpus",
        least: 1_000,
        Defaults.VocabularySize
    );
    private readonly Option<int> _epochs = NumberOption.Whole(
        "--epochs",
        "Passes over the corpus; 0 for no training",
        least: 0,
        Defaults.Epochs
    );
    private readonly Option<int> _batch = NumberOption.Whole("--batch", "Texts per batch", least: 4, Defaults.Batch);
    private readonly Option<float?> _rate = NumberOption.Between(
        "--learning-rate",
        $"The peak learning rate [default: {Defaults.LearningRate}]",
        1e-9f,
        100
    );
    private readonly Option<float?> _temperature = NumberOption.Between(
        "--temperature",
        $"Softmax temperature for the similarities within a batch [default: {Defaults.Temperature}]",
        1e-4f,
        100
    );
    private readonly Option<string?> _matryoshka = new("--matryoshka")
    {
        Description = "Dimensions to train for, such as 256,128,64 [default: 256,128,64,32]",
        HelpName = "N,N,…",
    };
    private readonly Option<int> _maxTokens = NumberOption.Whole(
        "--max-tokens",
        "Tokens of each text to train on",
        least: 1,
        Defaults.MaxTokens
    );
    private readonly Option<int> _seed = NumberOption.Whole("--seed", "The random seed", least: 0, (int)Defaults.Seed);

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_vocabulary, _size, _epochs, _batch, _rate, _temperature, _matryoshka, _maxTokens, _seed])
        {
            command.Options.Add(option);
        }
    }

    public DistillationOptions Read(ParseResult parsed, string teacher) =>
        new()
        {
            Vocabulary = parsed.GetValue(_vocabulary) switch
            {
                null => null,
                "teacher" => TeacherVocabulary.Read(teacher),
                string folder => TeacherVocabulary.Read(folder),
            },
            VocabularySize = parsed.GetValue(_size),
            WordPieces = Math.Min(Defaults.WordPieces, parsed.GetValue(_size) / 2),
            Dimensions = parsed.GetValue(CommonOptions.Dimensions) ?? Defaults.Dimensions,
            MatryoshkaDimensions = parsed.GetValue(_matryoshka) is { } lengths
                ? TrainOptions.Lengths(lengths)
                : Defaults.MatryoshkaDimensions,
            Epochs = parsed.GetValue(_epochs),
            Batch = parsed.GetValue(_batch),
            LearningRate = parsed.GetValue(_rate) ?? Defaults.LearningRate,
            Temperature = parsed.GetValue(_temperature) ?? Defaults.Temperature,
            MaxTokens = parsed.GetValue(_maxTokens),
            Seed = (ulong)parsed.GetValue(_seed),
        };
}
