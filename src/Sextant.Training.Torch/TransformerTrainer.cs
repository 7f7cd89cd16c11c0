using Sextant.Training.Export;
using Sextant.Training.FineTuning;
using Sextant.Training.Runs;
using Sextant.Training.Torch.Encoders;
using Sextant.Training.Torch.Native;
using Sextant.Training.Transformers;

namespace Sextant.Training.Torch;

/// <summary>Fine-tunes a BERT-family encoder on pairs: the run of every other kind of model, with an encoder on libtorch.</summary>
internal static class TransformerTrainer
{
    private const float UsualRate = 2e-5f, UsualLoraRate = 5e-4f;

    /// <summary>What everyone's recipe clips to.</summary>
    private const float UsualNorm = 1;

    /// <summary>Trains, and writes a directory of the same layout, with its ONNX graph and a card.</summary>
    /// <exception cref="InputException">A file, a row, an option or the directory is wrong.</exception>
    /// <exception cref="SextantException">libtorch cannot be loaded, or the loss became no number.</exception>
    public static FineTuningReport Train(
        IReadOnlyList<string> files, string directory, string output, FineTuningOptions options, TorchOptions torch, TrainingRunOptions run,
        CancellationToken cancellationToken)
    {
        options.Check();
        var model = TransformerDirectory.Open(directory);
        LibTorch.Require();
        if (torch.Device == "cuda" && !TorchSharp.torch.cuda.is_available())
        {
            throw new InputException($"there is no CUDA here; name a libtorch that has it in {LibTorch.FolderVariable}, or train with --device cpu");
        }

        if (run.MaxDegreeOfParallelism > 0)
        {
            TorchSharp.torch.set_num_threads(run.MaxDegreeOfParallelism);
        }

        FineTuningData data = FineTuningData.Load(files, options, cancellationToken);
        ChosenLoss loss = ChosenLoss.Of(data, options, model.Config.Width, []);
        float usual = torch.LoraRank > 0 ? UsualLoraRate : UsualRate;
        options = options with { MaxGradientNorm = options.MaxGradientNorm > 0 ? options.MaxGradientNorm : UsualNorm };
        var tokens = new TokenCache(model, data.Texts.Texts, options.MaxTokens);
        (TorchEncoder created, string revision) = Open(model, tokens, torch with { MaxGradientNorm = options.MaxGradientNorm, Seed = options.Seed });
        using TorchEncoder encoder = created;
        return new FineTuningRun
        {
            Encoder = encoder,
            Data = data,
            Loss = loss,
            Options = options,
            UsualRate = usual,
            Run = run,
            Output = output,
            Model = $"{revision}/{torch.LoraRank}",
        }.Train(
            () =>
            {
                model.Save(output, encoder.ReadWeight);
                OnnxExporter.Export(output, output);
            },
            report => ModelCard.Write(
                files, torch.LoraRank > 0 ? $"{directory} by changes of rank {torch.LoraRank}" : directory, loss,
                options with { LearningRate = options.LearningRate ?? usual }, report),
            cancellationToken);
    }

    /// <summary>In a method of its own, so that the weights as they were read do not stay in memory beside those that learn.</summary>
    private static (TorchEncoder Encoder, string Revision) Open(TransformerDirectory model, TokenCache tokens, TorchOptions options)
    {
        Dictionary<string, float[]> weights = model.ReadWeights();
        return (new TorchEncoder(model.Config, model.Layout.PoolsFirst, weights, tokens.Of, options), WeightsRevision.Of(weights));
    }
}
