using Sextant.Training.Data;
using Sextant.Training.Encoders;
using Sextant.Training.Runs;

namespace Sextant.Training.FineTuning;

/// <summary>
/// Makes a static model better at a user's own texts, from pairs of texts that belong together. Measures the base model and the
/// new one on pairs held out from training, so that one sees whether it was worth it.
/// </summary>
public static class FineTuner
{
    private const float UsualRate = 0.01f;

    /// <summary>Trains and writes a model folder with a card. The same files, base, options and seed give the same weights.</summary>
    /// <param name="files">Pairs, triplets or scored pairs, as .parquet, .jsonl, .csv or .tsv, the last three also as .gz.</param>
    /// <param name="baseModel"><c>sextant-small</c> or a folder of a static model.</param>
    /// <param name="outputDirectory">The new model's folder; made if it is not there. Checkpoints lie in it while the run lasts.</param>
    /// <param name="options">What decides the result; the defaults when <see langword="null"/>.</param>
    /// <param name="run">How to run; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the run between two steps, after a checkpoint.</param>
    /// <exception cref="InputException">A file, a row or an option is wrong, or the data lacks what the loss needs.</exception>
    /// <exception cref="SextantException">The loss became infinite or no number, or a checkpoint cannot be written.</exception>
    public static FineTuningReport Train(
        IReadOnlyList<string> files, string baseModel, string outputDirectory,
        FineTuningOptions? options = null, TrainingRunOptions? run = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        (options, run) = (options ?? new FineTuningOptions(), run ?? new TrainingRunOptions());
        options.Check();
        StaticBase start = StaticBase.Open(baseModel);
        FineTuningData data = FineTuningData.Load(files, options, cancellationToken);
        ChosenLoss loss = ChosenLoss.Of(data, options, start.Model.Dimensions, start.Model.MatryoshkaDimensions);
        int[][] tokens = TextTokens.Encode(start.Model.Tokenizer, data.Texts.Texts, options.MaxTokens);
        StaticEncoder encoder = start.CreateEncoder(options.MaxGradientNorm);
        return new FineTuningRun
        {
            Encoder = new StaticTextEncoder(encoder, tokens),
            Data = data,
            Loss = loss,
            Options = options,
            UsualRate = UsualRate,
            Run = run,
            Output = outputDirectory,
            Model = start.Model.Revision,
        }.Train(
            () => start.Save(encoder.Compose(), loss.Matryoshka, outputDirectory),
            report => ModelCard.Write(files, baseModel, loss, options with { LearningRate = options.LearningRate ?? UsualRate }, report),
            cancellationToken);
    }
}
