using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Training.Data;
using Sextant.Training.FineTuning;
using Sextant.Training.Numerics;
using Sextant.Training.Runs;

namespace Sextant.Training.Adapters;

/// <summary>
/// Trains an <see cref="EmbeddingAdapter"/> from pairs. Every text is embedded once, through the generator's own cache; training itself
/// never asks the model again.
/// </summary>
public static class AdapterTrainer
{
    /// <summary>The adapter's file in its folder.</summary>
    public const string FileName = "adapter.safetensors";

    private const float UsualRate = 0.001f;

    /// <summary>
    /// Trains an adapter, measures the model without and with it on held-out pairs, and writes a folder with the adapter and its card.
    /// The folder can be used as a model name (<see cref="AdapterModelProvider"/>).
    /// </summary>
    /// <param name="pairs">Pairs, triplets or scored pairs.</param>
    /// <param name="model">The model, opened with its pipeline; it is not changed.</param>
    /// <param name="outputDirectory">The adapter's folder; created if missing.</param>
    /// <param name="options">Kind and training of the adapter; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <exception cref="InputException">A file or a pair is wrong, or the model names no profile.</exception>
    public static async Task<FineTuningReport> TrainAsync(
        PairCollection pairs,
        IEmbeddingGenerator<string, Embedding<float>> model,
        string outputDirectory,
        AdapterOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(outputDirectory);
        options ??= new AdapterOptions();
        options.Check();
        (AdapterKind kind, bool queriesOnly) = (options.Kind, options.QueriesOnly);
        ModelProfile profile =
            model.GetService(typeof(ModelProfile)) as ModelProfile
            ?? throw new InputException("an adapter belongs to one model; open the model by name");
        FineTuningData data = await FineTuningData.LoadAsync(pairs, options, cancellationToken).ConfigureAwait(false);
        ChosenLoss loss = ChosenLoss.Create(data, options, profile.Dimensions, profile.MatryoshkaDimensions);
        float[]?[] queries = await EmbedAsync(model, data, EmbeddingRole.Query, options.Run, cancellationToken).ConfigureAwait(false);
        float[]?[] documents = await EmbedAsync(model, data, EmbeddingRole.Document, options.Run, cancellationToken).ConfigureAwait(false);
        AdapterWeights weights = Start(profile.Dimensions, kind, options.Seed);
        return await Task.Run(
                () =>
                    new FineTuningRun
                    {
                        Encoder = new AdapterEncoder(weights, queries, documents, queriesOnly, options.MaxGradientNorm),
                        Data = data,
                        Loss = loss,
                        Options = options,
                        UsualRate = UsualRate,
                        Output = outputDirectory,
                        Model = $"{profile.Fingerprint}/{kind}/{(queriesOnly ? "queries" : "all")}",
                    }.Train(
                        () =>
                            new EmbeddingAdapter(weights, queriesOnly, profile.Name, profile.Fingerprint).Save(
                                Path.Combine(outputDirectory, FileName)
                            ),
                        report =>
                            ModelCard.Write(
                                pairs,
                                $"{profile.Name}, {(kind is AdapterKind.Linear ? "a linear adapter" : "a two-layer adapter")} "
                                    + $"{(queriesOnly ? "for queries" : "for all texts")}",
                                loss,
                                options with
                                {
                                    LearningRate = options.LearningRate ?? UsualRate,
                                },
                                report
                            ),
                        cancellationToken
                    ),
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>
    /// The texts that <see cref="TrainAsync"/> would ask the model for, so that their cost can be estimated before anything is sent.
    /// </summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="options">The settings; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="InputException">A file or a pair is wrong.</exception>
    public static async Task<IReadOnlyDictionary<EmbeddingRole, IReadOnlyList<string>>> ReadTextsAsync(
        PairCollection pairs,
        AdapterOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(pairs);
        FineTuningData data = await FineTuningData
            .LoadAsync(pairs, options ?? new AdapterOptions(), cancellationToken)
            .ConfigureAwait(false);
        return ((EmbeddingRole[])[EmbeddingRole.Query, EmbeddingRole.Document]).ToDictionary(
            static role => role,
            role => (IReadOnlyList<string>)[.. Ids(data, role).Select(id => data.Texts.Texts[id])]
        );
    }

    /// <summary>An adapter that changes nothing yet. The way into its second layer is random, the way out of it zero.</summary>
    private static AdapterWeights Start(int dimensions, AdapterKind kind, ulong seed)
    {
        var weights = new AdapterWeights(dimensions, kind is AdapterKind.Mlp ? dimensions : 0);
        var random = new SeededRandom(SeededRandom.Derive(seed, 17));
        for (int i = 0; i < weights.HiddenWeight.Length; i++)
        {
            weights.HiddenWeight[i] = random.NextGaussian() / MathF.Sqrt(dimensions);
        }

        return weights;
    }

    private static async Task<float[]?[]> EmbedAsync(
        IEmbeddingGenerator<string, Embedding<float>> model,
        FineTuningData data,
        EmbeddingRole role,
        TrainingRunOptions run,
        CancellationToken cancellationToken
    )
    {
        int[] ids = Ids(data, role);
        run.Log($"embedding {ids.Length} {(role == EmbeddingRole.Query ? "queries" : "documents")}");
        float[][] embedded = await ModelVectors
            .EmbedAsync(model, [.. ids.Select(id => data.Texts.Texts[id])], role, run, cancellationToken)
            .ConfigureAwait(false);
        float[]?[] vectors = new float[]?[data.Texts.Texts.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            vectors[ids[i]] = embedded[i];
        }

        return vectors;
    }

    private static int[] Ids(FineTuningData data, EmbeddingRole role)
    {
        IEnumerable<TrainingPair> pairs = data.Sources.SelectMany(static source => source.Pairs).Concat(data.Validation);
        return role == EmbeddingRole.Query
            ? [.. pairs.Select(static pair => pair.Anchor).Distinct()]
            : [.. pairs.SelectMany(static pair => (int[])[pair.Positive, .. pair.Negatives ?? []]).Distinct()];
    }
}
