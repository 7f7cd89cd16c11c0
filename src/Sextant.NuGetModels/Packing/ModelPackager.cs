using System.Globalization;
using Microsoft.Extensions.AI;
using NuGet.Packaging;
using NuGet.Versioning;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.NuGetModels.Layouts;
using Sextant.NuGetModels.Packing;

namespace Sextant.NuGetModels;

/// <summary>
/// Makes NuGet packages of model folders, trained, distilled, exported or fetched: the files with their hashes, the card as the
/// package's readme, the license, and golden vectors that the model must give wherever it is opened. The same folder gives the same
/// bytes. Any feed carries such a package, and <see cref="NuGetModelProvider"/> opens it.
/// </summary>
public static class ModelPackager
{
    /// <summary>Packs the model in <paramref name="folder"/>.</summary>
    /// <param name="folder">A folder that <paramref name="models"/> opens.</param>
    /// <param name="outputDirectory">Where the package goes, as <c>ID.VERSION.nupkg</c>; the file appears when it is complete.</param>
    /// <param name="options">The metadata of the package.</param>
    /// <param name="models">Opens the model, to see that it is one and to compute its golden vectors.</param>
    /// <param name="cancellationToken">Cancels it; no file is left.</param>
    /// <returns>The package's full path.</returns>
    /// <exception cref="InputException">The folder holds no model, or an option makes no sense.</exception>
    public static async Task<string> PackAsync(
        string folder,
        string outputDirectory,
        ModelPackageOptions options,
        ModelRegistry models,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(outputDirectory);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(models);
        if (options.Id.Length > PackageIdValidator.MaxPackageIdLength || !PackageIdValidator.IsValidPackageId(options.Id))
        {
            throw new InputException(
                $"'{options.Id}' cannot be a package's id: letters, digits, '_', '-' and '.', for example Contoso.Support.Embeddings"
            );
        }

        NuGetVersion version = NuGetVersion.TryParseStrict(options.Version, out NuGetVersion? parsed)
            ? parsed
            : throw new InputException($"'{options.Version}' cannot be a package's version: write MAJOR.MINOR.PATCH, for example 1.2.0");
        if (!Directory.Exists(folder))
        {
            throw new InputException($"{folder}: no such model folder");
        }

        folder = Path.GetFullPath(folder);
        AdapterBase.Check(folder, folder);
        using IEmbeddingGenerator<string, Embedding<float>> model = await models
            .OpenWithoutPipelineAsync(folder, null, cancellationToken)
            .ConfigureAwait(false);
        ModelProfile profile = model.GetService<ModelProfile>()!;
        List<PackedFile> files = [.. PackedFile.List(folder)];
        // An adapter's vectors are its base model's as much as its own, and that one may be asked for money.
        if (!files.Exists(static f => f.Path == GoldenVectors.FileName) && model.GetService<IVectorAdapter>() is null)
        {
            files.Add(
                new PackedFile(GoldenVectors.FileName, await GoldenVectors.ComputeAsync(model, cancellationToken).ConfigureAwait(false))
            );
        }

        ModelCardText card = ModelCardText.Read(folder);
        string description =
            options.Description
            ?? string.Create(
                CultureInfo.InvariantCulture,
                $"A text embedding model of {profile.Dimensions} dimensions for Sextant: open it as "
                    + $"nuget:{options.Id}@{version.ToNormalizedString()}."
            );
        var manifest = new ManifestMetadata
        {
            Id = options.Id,
            Version = version,
            Authors = [options.Authors ?? options.Id],
            Description = description,
            Tags = "embeddings sextant-model",
            Readme = PackageWriter.Readme,
        };
        card.AddLicense(manifest, options.License, files);
        string path = Path.Combine(Path.GetFullPath(outputDirectory), $"{options.Id}.{version.ToNormalizedString()}.nupkg");
        await Task.Run(
                () =>
                    AtomicFile.Write(
                        path,
                        stream =>
                            PackageWriter.Write(
                                stream,
                                manifest,
                                card.Readme ?? $"# {options.Id}\n\n{description}\n",
                                $"models/{options.Id}",
                                files,
                                cancellationToken
                            )
                    ),
                cancellationToken
            )
            .ConfigureAwait(false);
        return path;
    }
}
