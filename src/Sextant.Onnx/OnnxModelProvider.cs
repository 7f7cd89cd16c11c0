using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Onnx.Inference;
using Sextant.Onnx.Layout;

namespace Sextant.Onnx;

/// <summary>
/// Opens transformers from a Hugging Face or sentence-transformers directory with an ONNX graph (<c>onnx/model.onnx</c> or
/// <c>model.onnx</c>), and runs them on the CPU with ONNX Runtime. A name is the directory, or a graph in it if there are several.
/// </summary>
public sealed class OnnxModelProvider : IModelProvider
{
    /// <summary>The number of threads for the runs of one model.</summary>
    /// <value>At least 1; one per core by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int Threads
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>The execution provider of ONNX Runtime that runs the graph.</summary>
    /// <value>The CPU by default. The others need an ONNX Runtime build with that provider; otherwise opening a model fails.</value>
    public OnnxExecutionProvider ExecutionProvider { get; init; }

    /// <inheritdoc />
    public bool Handles(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (File.Exists(name))
        {
            return name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
        }

        // A transformer without a graph is also handled here, so that the error can say what to add.
        return Directory.Exists(name) && (GraphFile.Find(name).Graph is not null || IsTransformer(ModelFiles.InDirectory(name)));
    }

    /// <inheritdoc />
    public async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        (string directory, string? graph) = GraphFile.Find(name);
        if (graph is null)
        {
            throw CrossEncoderLayout.TryRead(ModelFiles.InDirectory(directory)) is not null
                ? new InputException($"{name}: this is a reranker (cross-encoder), not an embedding model, and it has no ONNX graph")
                : new InputException(
                    $"{name}: a transformer without an ONNX graph (looked for onnx/model.onnx and model.onnx); export one from its weights"
                )
                {
                    Remedies = [new Remedy(RemedyAction.ExportModel, name)],
                };
        }

        OnnxEmbeddingGenerator model = await Task.Run(
                () => TransformerLoader.Load(Path.GetFullPath(name), directory, graph, Threads, ExecutionProvider),
                cancellationToken
            )
            .ConfigureAwait(false);
        try
        {
            await GoldenVectors.VerifyAsync(ModelFiles.InDirectory(directory), model, cancellationToken).ConfigureAwait(false);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens a cross-encoder, whose <c>config.json</c> names a sequence classification with one label. Query and document are read
    /// together, cut at the model's limit; the score is the logit, through the sigmoid function unless the configuration says otherwise.
    /// </summary>
    /// <param name="name">The directory, or one graph within it.</param>
    /// <param name="cancellationToken">Cancels opening.</param>
    /// <returns><see langword="null"/> when it is an embedding model.</returns>
    /// <exception cref="InputException">
    /// It is a classifier, a file is missing or damaged, or the graph gives anything but one score.
    /// </exception>
    public async Task<IReranker?> OpenRerankerAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        (string directory, string? graph) = GraphFile.Find(name);
        if (CrossEncoderLayout.TryRead(ModelFiles.InDirectory(directory)) is not { } layout)
        {
            return null;
        }

        if (graph is null)
        {
            throw new InputException(
                $"{name}: a reranker without an ONNX graph (looked for onnx/model.onnx and model.onnx); "
                    + "export it with: optimum-cli export onnx --task text-classification"
            );
        }

        return await Task.Run(
                () => CrossEncoderLoader.Load(Path.GetFullPath(name), directory, graph, layout, Threads, ExecutionProvider),
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    private static bool IsTransformer(ModelFiles files) =>
        JsonFile.TryRead(files, "modules.json") is not null
        || JsonFile.TryRead(files, "config.json")?.StringOrNull("model_type") is not null;
}
