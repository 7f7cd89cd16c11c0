using Sextant.Cli;
using Sextant.Training.Torch;

// The same command line as the plain command's, with a trainer for transformers in it.
return await SextantProgram
    .RunAsync(
        args,
        static (pairs, model, output, settings, cancellationToken) =>
            TransformerTrainer.TrainAsync(
                pairs,
                model,
                output,
                new TransformerOptions(settings.Options) { LoraRank = settings.LoraRank, Device = settings.Device },
                cancellationToken
            )
    )
    .ConfigureAwait(false);
