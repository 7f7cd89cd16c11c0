using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Training.Data;
using Sextant.Training.FineTuning;

namespace Sextant.Training.Adapters;

/// <summary>
/// Trains a <see cref="LinearAdapter"/> from pairs, by the multiple-negatives ranking loss. Every text is embedded once, through the
/// generator's own cache; training itself never asks the model again.
/// </summary>
public static class AdapterTrainer
{
    /// <summary>Trains an adapter and measures the model without and with it on held-out pairs.</summary>
    /// <param name="files">Pairs, as for <see cref="FineTuner"/>.</param>
    /// <param name="model">The model, opened with its pipeline; it stays as it is.</param>
    /// <param name="queriesOnly">Whether documents keep the model's own vectors, so that nothing has to be embedded again.</param>
    /// <param name="options">Epochs, batch, warm-up and the like; <see cref="FineTuningOptions.LearningRate"/> of 0.001 suits a map.</param>
    /// <param name="log">Told what happens, a line at a time.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="InputException">A file or a row is wrong, or the model names no profile.</exception>
    public static async Task<(LinearAdapter Adapter, FineTuningReport Report)> TrainAsync(
        IReadOnlyList<string> files, IEmbeddingGenerator<string, Embedding<float>> model, bool queriesOnly = false,
        FineTuningOptions? options = null, Action<string>? log = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(model);
        options ??= new FineTuningOptions { LearningRate = 0.001f };
        options.Check();
        ModelProfile profile = model.GetService(typeof(ModelProfile)) as ModelProfile
            ?? throw new InputException("an adapter belongs to one model; open it by name so that it says which it is");
        FineTuningData data = FineTuningData.Load(files, options, cancellationToken);
        float[][] queries = await EmbedAsync(model, data, EmbeddingRole.Query, cancellationToken).ConfigureAwait(false);
        float[][] documents = await EmbedAsync(model, data, EmbeddingRole.Document, cancellationToken).ConfigureAwait(false);
        var run = new AdapterRun(queries, documents, queriesOnly, options, profile.Dimensions);
        ValidationScores before = run.Measure(data.Validation);
        log?.Invoke($"{data.TrainingPairs:N0} pairs to train on, {before.Pairs:N0} held out; before: {before}");
        double loss = run.Train(data.Sources, cancellationToken);
        ValidationScores after = run.Measure(data.Validation);
        log?.Invoke($"after: {after}");
        var adapter = new LinearAdapter(run.Encoder.Weight, profile.Dimensions, queriesOnly, profile.Fingerprint);
        return (adapter, new FineTuningReport(data.TrainingPairs, before, after, loss, run.PairsPerSecond));
    }

    private static async Task<float[][]> EmbedAsync(
        IEmbeddingGenerator<string, Embedding<float>> model, FineTuningData data, EmbeddingRole role, CancellationToken cancellationToken)
    {
        IEnumerable<TrainingPair> pairs = data.Sources.SelectMany(static source => source.Pairs).Concat(data.Validation);
        int[] ids = [.. pairs.Select(pair => role == EmbeddingRole.Query ? pair.Anchor : pair.Positive).Distinct()];
        GeneratedEmbeddings<Embedding<float>> generated = await model.GenerateAsync(
            [.. ids.Select(id => data.Texts.Texts[id])], EmbeddingRoleExtensions.WithRole(null, role), cancellationToken).ConfigureAwait(false);
        float[][] vectors = new float[data.Texts.Texts.Count][];
        for (int i = 0; i < ids.Length; i++)
        {
            vectors[ids[i]] = generated[i].Vector.ToArray();
        }

        return vectors;
    }
}
