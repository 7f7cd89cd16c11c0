using Sextant.Training.Data;
using Sextant.Training.Encoders;

namespace Sextant.Training.FineTuning;

/// <summary>
/// Makes a static model better at a user's own texts, from pairs of texts that belong together. Measures the base model and the
/// new one on pairs held out from training, so that one sees whether it was worth it.
/// </summary>
public static class FineTuner
{
    private const float UsualRate = 0.01f;

    /// <summary>Trains and writes a model folder with a card. The same pairs, base, options and seed give the same weights.</summary>
    /// <param name="pairs">Pairs, triplets or scored pairs.</param>
    /// <param name="baseModel"><c>sextant-small</c> or a folder of a static model.</param>
    /// <param name="outputDirectory">The new model's folder; created if missing. Checkpoints are in it while the run lasts.</param>
    /// <param name="options">The loss, the schedule and how to run; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the run between two steps, after a checkpoint.</param>
    /// <exception cref="InputException">A file, a pair or an option is wrong, or the data lacks what the loss needs.</exception>
    /// <exception cref="SextantException">The loss became infinite or NaN, or a checkpoint cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public static async Task<FineTuningReport> TrainAsync(
        PairCollection pairs,
        string baseModel,
        string outputDirectory,
        FineTuningOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(baseModel);
        ArgumentNullException.ThrowIfNull(outputDirectory);
        options ??= new FineTuningOptions();
        options.Check();
        StaticBase start = StaticBase.Open(baseModel);
        FineTuningData data = await FineTuningData.LoadAsync(pairs, options, cancellationToken).ConfigureAwait(false);
        ChosenLoss loss = ChosenLoss.Create(data, options, start.Model.Dimensions, start.Model.MatryoshkaDimensions);
        return await Task.Run(
                () =>
                {
                    int[][] tokens = TextTokens.Encode(start.Model.Tokenizer, data.Texts.Texts, options.MaxTokens);
                    StaticEncoder encoder = start.CreateEncoder(options.MaxGradientNorm);
                    return new FineTuningRun
                    {
                        Encoder = new StaticTextEncoder(encoder, tokens),
                        Data = data,
                        Loss = loss,
                        Options = options,
                        UsualRate = UsualRate,
                        Output = outputDirectory,
                        Model = start.Model.Revision,
                    }.Train(
                        () => start.Save(encoder.Compose(), loss.Matryoshka, outputDirectory),
                        report =>
                            ModelCard.Write(
                                pairs,
                                baseModel,
                                loss,
                                options with
                                {
                                    LearningRate = options.LearningRate ?? UsualRate,
                                },
                                report
                            ),
                        cancellationToken
                    );
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }
}
