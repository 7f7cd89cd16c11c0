using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models.Static;

namespace Sextant.Models;

/// <summary>
/// Opens static models: the built-in <c>sextant-small</c>, and any folder in the layout of model2vec or of
/// sentence-transformers' StaticEmbedding. Needs no network and no native library.
/// </summary>
public sealed class StaticModelProvider : IModelProvider
{
    /// <summary>The name of the model that the package carries.</summary>
    public const string BuiltInModel = "sextant-small";

    /// <summary>The built-in model is read once a process; its table is the largest thing that a small program holds.</summary>
    private static readonly Lazy<StaticEmbeddingGenerator> BuiltIn = new(LoadBuiltIn);

    /// <summary>The files of the built-in model; <see langword="null"/> where the program does not reference Sextant.Model.Small.</summary>
    // The name is a constant, so that trimming sees what it means.
    public static ModelFiles? BuiltInFiles =>
        Type.GetType("Sextant.Model.Small.SmallModel, Sextant.Model.Small") is { } carrier
            ? ModelFiles.InAssembly(carrier.Assembly, BuiltInModel)
            : null;

    /// <inheritdoc />
    public bool Handles(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name == BuiltInModel || (Directory.Exists(name) && StaticModelLayout.Recognize(ModelFiles.InDirectory(name)) is not null);
    }

    /// <inheritdoc />
    public async Task<IEmbeddingGenerator<string, Embedding<float>>> OpenAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        StaticEmbeddingGenerator model = await Task.Run(() => name == BuiltInModel ? BuiltIn.Value : LoadDirectory(name), cancellationToken)
            .ConfigureAwait(false);
        if (name != BuiltInModel)
        {
            await GoldenVectors.VerifyAsync(ModelFiles.InDirectory(Path.GetFullPath(name)), model, cancellationToken).ConfigureAwait(false);
        }

        return model;
    }

    private static StaticEmbeddingGenerator LoadBuiltIn()
    {
        StaticEmbeddingModel model =
            (BuiltInFiles is { } files ? StaticEmbeddingModel.TryLoad(files) : null)
            ?? throw new SextantException(
                $"this program does not include {BuiltInModel}; reference the package Sextant.Model.Small, or name a model folder instead"
            );
        return new StaticEmbeddingGenerator(model, Describe(model, BuiltInModel, BuiltInModel));
    }

    private static StaticEmbeddingGenerator LoadDirectory(string path)
    {
        string full = Path.GetFullPath(path);
        StaticEmbeddingModel model =
            StaticEmbeddingModel.TryLoad(ModelFiles.InDirectory(full))
            ?? throw new InputException(
                $"{path}: no static model here (expected model2vec's config.json, or modules.json with a StaticEmbedding)"
            );
        return new StaticEmbeddingGenerator(model, Describe(model, full, "folder"));
    }

    private static ModelProfile Describe(StaticEmbeddingModel model, string name, string identity) =>
        new()
        {
            Name = name,
            Identity = identity,
            Provider = "sextant",
            Revision = model.Revision,
            Dimensions = model.Dimensions,
            Pooling = "mean",
            Normalized = model.Normalize,
            MatryoshkaDimensions = model.MatryoshkaDimensions,
        };
}
