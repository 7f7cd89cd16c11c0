using Sextant.Training.Data;
using Sextant.Training.FineTuning;
using Sextant.Training.Torch.Encoders;
using Sextant.Training.Torch.Native;
using Sextant.Training.Transformers;

namespace Sextant.Training.Torch;

/// <summary>Fine-tunes a BERT-family encoder (BERT, RoBERTa, XLM-RoBERTa, CamemBERT, DistilBERT) on pairs, on libtorch.</summary>
public static class TransformerTrainer
{
    private const float UsualRate = 2e-5f,
        UsualLoraRate = 5e-4f;

    /// <summary>The usual gradient clipping threshold.</summary>
    private const float UsualNorm = 1;

    /// <summary>Trains, and writes a directory of the same layout, with its ONNX graph and a card.</summary>
    /// <param name="pairs">Pairs, triplets or scored pairs.</param>
    /// <param name="model">
    /// A Hugging Face or sentence-transformers directory with weights in safetensors or in an ONNX graph, or that graph.
    /// </param>
    /// <param name="outputDirectory">The new model's folder; created if missing. Checkpoints are in it while the run lasts.</param>
    /// <param name="options">The loss, the schedule and how to run; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the run between two steps, after a checkpoint.</param>
    /// <exception cref="InputException">A file, a pair, an option or the directory is wrong.</exception>
    /// <exception cref="SextantException">
    /// libtorch cannot be loaded, the loss became infinite or NaN, or a checkpoint cannot be written.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public static Task<FineTuningReport> TrainAsync(
        PairCollection pairs,
        string model,
        string outputDirectory,
        TransformerOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new TransformerOptions();
        if (options.LoraRank < 0)
        {
            throw new InputException("the LoRA rank cannot be negative") { RelatedOptions = [nameof(TransformerOptions.LoraRank)] };
        }

        if (options.Device is not ("cpu" or "cuda"))
        {
            throw new InputException($"transformers train on cpu or cuda, not on '{options.Device}'")
            {
                RelatedOptions = [nameof(TransformerOptions.Device)],
            };
        }

        LibTorch.Require();
        if (options.Device == "cuda" && !TorchSharp.torch.cuda.is_available())
        {
            throw new InputException($"CUDA is not available; set {LibTorchFolder.Variable} to a libtorch with CUDA, or train on cpu")
            {
                RelatedOptions = [nameof(TransformerOptions.Device)],
            };
        }

        if (options.Run.MaxDegreeOfParallelism > 0)
        {
            TorchSharp.torch.set_num_threads(options.Run.MaxDegreeOfParallelism);
        }

        var engine = new TransformerEngine
        {
            LearningRate = options.LoraRank > 0 ? UsualLoraRate : UsualRate,
            MaxGradientNorm = UsualNorm,
            Method = options.LoraRank > 0 ? $"changes of rank {options.LoraRank}" : "",
            CreateEncoder = static start => new TorchEncoder(start, (TransformerOptions)start.Options),
        };
        return TransformerFineTuner.TrainAsync(pairs, model, outputDirectory, engine, options, cancellationToken);
    }
}
