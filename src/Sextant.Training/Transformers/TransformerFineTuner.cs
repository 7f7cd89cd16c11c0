using Sextant.Training.Data;
using Sextant.Training.Export;
using Sextant.Training.FineTuning;

namespace Sextant.Training.Transformers;

/// <summary>
/// Fine-tunes a BERT-family encoder on an engine of the caller's choice, with the same training loop as other kinds of models. Use
/// <c>TransformerTrainer</c> of Sextant.Training.Torch unless you have your own engine.
/// </summary>
public static class TransformerFineTuner
{
    /// <summary>Trains, and writes a directory of the same layout, with its ONNX graph and a card.</summary>
    /// <param name="pairs">Pairs, triplets or scored pairs.</param>
    /// <param name="model">A Hugging Face or sentence-transformers directory, or an ONNX graph in one.</param>
    /// <param name="outputDirectory">The new model's folder; created if missing. Checkpoints are in it while the run lasts.</param>
    /// <param name="engine">The engine that runs the encoder.</param>
    /// <param name="options">The loss, the schedule and how to run; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the run between two steps, after a checkpoint.</param>
    /// <exception cref="InputException">A file, a pair, an option or the directory is wrong.</exception>
    /// <exception cref="SextantException">The loss became infinite or NaN, or a checkpoint cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public static async Task<FineTuningReport> TrainAsync(
        PairCollection pairs,
        string model,
        string outputDirectory,
        TransformerEngine engine,
        FineTuningOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(outputDirectory);
        ArgumentNullException.ThrowIfNull(engine);
        options ??= new FineTuningOptions();
        options.Check();
        options = options with
        {
            LearningRate = options.LearningRate ?? engine.LearningRate,
            MaxGradientNorm = options.MaxGradientNorm > 0 ? options.MaxGradientNorm : engine.MaxGradientNorm,
        };
        var directory = TransformerDirectory.Open(model);
        FineTuningData data = await FineTuningData.LoadAsync(pairs, options, cancellationToken).ConfigureAwait(false);
        ChosenLoss loss = ChosenLoss.Create(data, options, directory.Config.Width, []);
        return await Task.Run(
                () =>
                {
                    (ITransformerEncoder created, string revision) = Open(directory, data, engine, options);
                    using ITransformerEncoder encoder = created;
                    return new FineTuningRun
                    {
                        Encoder = encoder,
                        Data = data,
                        Loss = loss,
                        Options = options,
                        UsualRate = engine.LearningRate,
                        Output = outputDirectory,
                        Model = $"{revision}/{engine.Method}",
                    }.Train(
                        () =>
                        {
                            directory.Save(outputDirectory, encoder.ReadWeight);
                            OnnxExporter.Export(outputDirectory, outputDirectory);
                        },
                        report =>
                            ModelCard.Write(pairs, engine.Method.Length > 0 ? $"{model} by {engine.Method}" : model, loss, options, report),
                        cancellationToken
                    );
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>A separate method, so that the loaded weights do not stay in memory next to the trained ones.</summary>
    private static (ITransformerEncoder Encoder, string Revision) Open(
        TransformerDirectory directory,
        FineTuningData data,
        TransformerEngine engine,
        FineTuningOptions options
    )
    {
        Dictionary<string, float[]> weights = directory.ReadWeights();
        ITransformerEncoder encoder = engine.CreateEncoder(
            new TransformerStart
            {
                Config = directory.Config,
                PoolsFirst = directory.Layout.PoolsFirst,
                Weights = weights,
                Tokens = new TokenCache(directory, data.Texts.Texts, options.MaxTokens).Encode,
                Options = options,
            }
        );
        return (encoder, WeightsRevision.Compute(weights));
    }
}
