using Sextant.Cli;
using Sextant.Cli.Commands;
using Sextant.Training.Torch;

// The same command line as the plain command's, with a trainer for transformers in it.
TransformerTraining.Trainer = (files, model, output, lora, device, options, run, cancellationToken) => TransformerTrainer.Train(
    files, model, output, options, new TorchOptions { LoraRank = lora, Device = device }, run, cancellationToken);
return await SextantProgram.RunAsync(args).ConfigureAwait(false);
