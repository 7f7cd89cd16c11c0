using System.Reflection;
using System.Runtime.CompilerServices;

namespace Sextant.Architecture.Tests;

/// <summary>
/// Packages that each are worth having alone: what a project stands on is written down here, and nothing else may be added by the way.
/// </summary>
public sealed class ProjectTests
{
    /// <summary>What each project names: projects without their "Sextant.", and packages.</summary>
    private static readonly Dictionary<string, string> Arrows = new(StringComparer.Ordinal)
    {
        ["Sextant.Primitives"] = "",
        ["Sextant.Numerics"] = "Primitives System.Numerics.Tensors",
        ["Sextant.Tokenizers"] = "Primitives",
        ["Sextant.Index"] = "Numerics System.IO.Hashing System.Numerics.Tensors",
        ["Sextant.Umap"] = "Numerics System.IO.Hashing System.Numerics.Tensors",
        ["Sextant.Embedding"] =
            "Numerics Tokenizers Microsoft.Extensions.AI.Abstractions Microsoft.Extensions.Logging.Abstractions System.IO.Hashing "
            + "System.Numerics.Tensors",
        ["Sextant.Models"] =
            "Embedding Microsoft.Extensions.AI.Abstractions Microsoft.Extensions.Logging.Abstractions System.Numerics.Tensors",
        ["Sextant.Core"] =
            "Index Models Microsoft.Data.Sqlite Microsoft.Extensions.AI.Abstractions Microsoft.Extensions.Logging.Abstractions "
            + "System.IO.Hashing",
        ["Sextant.Sources"] =
            "Core AngleSharp DocumentFormat.OpenXml MAB.DotIgnore Markdig Microsoft.Extensions.FileSystemGlobbing MimeKit Parquet.Net "
            + "PdfPig System.IO.Hashing",
        ["Sextant.Evaluation"] = "Sources System.Numerics.Tensors",
        ["Sextant.VectorData"] = "Core Microsoft.Extensions.VectorData.Abstractions",
        ["Sextant.ConformanceTests"] = "Sources xunit.v3.assert xunit.v3.extensibility.core",
        ["Sextant.Model.Small"] = "",
        ["Sextant"] = "Core Model.Small Sources",
        ["Sextant.Onnx"] = "Models Microsoft.ML.OnnxRuntime System.IO.Hashing System.Numerics.Tensors",
        ["Sextant.Hosted"] =
            "Models Azure.AI.OpenAI Microsoft.Extensions.Http.Resilience Microsoft.ML.Tokenizers.Data.Cl100kBase "
            + "Microsoft.ML.Tokenizers.Data.O200kBase OllamaSharp OpenAI",
        ["Sextant.NuGetModels"] = "Models NuGet.Protocol System.IO.Hashing",
        ["Sextant.Postgres"] = "Core Npgsql Pgvector System.IO.Hashing",
        ["Sextant.Plotting"] = "Umap ScottPlot",
        ["Sextant.DependencyInjection"] = "Core VectorData Microsoft.Extensions.Hosting.Abstractions",
        ["Sextant.Training"] = "Evaluation Umap System.Numerics.Tensors",
        ["Sextant.Client"] = "Microsoft.Extensions.AI.Abstractions",
        ["Sextant.Aspire.Hosting"] = "Aspire.Hosting",
        ["Sextant.Server"] =
            "Core Plotting Sources Microsoft.AspNetCore.OpenApi Microsoft.Extensions.AI Microsoft.ML.Tokenizers "
            + "Microsoft.ML.Tokenizers.Data.Cl100kBase ModelContextProtocol ModelContextProtocol.AspNetCore "
            + "OpenTelemetry.Exporter.OpenTelemetryProtocol OpenTelemetry.Extensions.Hosting Scalar.AspNetCore",
        ["Sextant.Training.Torch"] = "Training TorchSharp",
        ["Sextant.Training.Torch.Host"] = "Cli Training.Torch",
        ["Sextant.Cli"] =
            "Evaluation Hosted Model.Small NuGetModels Onnx Plotting Postgres Server Training Umap VectorData Spectre.Console "
            + "System.CommandLine",
    };

    public static TheoryData<string> Projects => [.. SourceProject.All.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_only_its_declared_dependencies(string name)
    {
        SourceProject project = SourceProject.All[name];
        IEnumerable<string> named = project.Projects.Select(static p => p["Sextant.".Length..]).Concat(project.Packages);

        Assert.Equal(
            Arrows[name].Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            named.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("Sextant.Hosted")]
    [InlineData("Sextant.Onnx")]
    [InlineData("Sextant.NuGetModels")]
    [InlineData("Sextant.Index")]
    [InlineData("Sextant.Umap")]
    [InlineData("Sextant.Tokenizers")]
    [InlineData("Sextant.Plotting")]
    public void Packages_without_collections_reference_no_database_file_readers_or_model(string name)
    {
        SourceProject[] carried = [.. SourceProject.All[name].Carried];

        Assert.Empty(
            carried
                .SelectMany(static p => p.Packages)
                .Intersect(["Microsoft.Data.Sqlite", "AngleSharp", "DocumentFormat.OpenXml", "MimeKit", "PdfPig", "Markdig", "Parquet.Net"])
        );
        Assert.DoesNotContain(carried, static p => p.Name == "Sextant.Model.Small");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Internals_are_visible_to_tests_and_benchmarks_only(string name)
    {
        IEnumerable<string> friends = SourceProject.WithoutAssembly.Contains(name)
            ? SourceProject.All[name].ShowsInternalsTo
            : Assembly.Load(name).GetCustomAttributes<InternalsVisibleToAttribute>().Select(static friend => friend.AssemblyName);

        Assert.DoesNotContain(
            friends,
            static friend => friend != "Sextant.Benchmarks" && !friend.EndsWith(".Tests", StringComparison.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_references_only_the_assemblies_of_its_projects_dependencies(string name)
    {
        if (SourceProject.WithoutAssembly.Contains(name))
            Assert.Skip("no assembly here");
        HashSet<string> carried = [.. SourceProject.All[name].Carried.Select(static p => p.Name)];

        Assert.DoesNotContain(
            Assembly.Load(name).GetReferencedAssemblies().Select(static a => a.Name!),
            a => a.StartsWith("Sextant", StringComparison.Ordinal) && !carried.Contains(a)
        );
    }
}
