using ArchUnitNET.Loader;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Sextant.Architecture.Tests;

/// <summary>Arrows between rooms point one way: text, embedding, vectors, index, search, and never back.</summary>
public sealed class DependencyOrderTests
{
    private static readonly ArchUnitNET.Domain.Architecture House = new ArchLoader()
        .LoadAssemblies([
            .. SourceProject
                .All.Keys.Where(static name => !SourceProject.WithoutAssembly.Contains(name))
                .Select(System.Reflection.Assembly.Load),
        ])
        .Build();

    [Theory]
    [InlineData("Sources.(Formats|Segmentation)", "Embedding|Models|Index|Search.(Storage|Filters)")]
    [InlineData("Numerics", "Sources|Embedding|Models|Index|Search")]
    [InlineData("Tokenizers", "Sources|Embedding|Models|Index|Search")]
    [InlineData("Index", "Sources|Embedding|Models|Search")]
    [InlineData("Umap", "Sources|Embedding|Models|Search|Evaluation")]
    [InlineData("Embedding", "Models|Index|Search|Sources")]
    [InlineData("Models", "Index|Search|Sources")]
    [InlineData("Search", "Sources|Evaluation|VectorData|Umap")]
    [InlineData("Search.Filters", "Search.Storage|Index|Embedding|Models")]
    [InlineData("Evaluation.(Data|Learning|Metrics|Report|Statistics|Tasks)", "Search")]
    public void Stage_does_not_depend_on_later_stages(string room, string others)
    {
        ArchUnitNET.Fluent.Syntax.Elements.Types.GivenTypesConjunctionWithDescription here = Types()
            .That()
            .ResideInNamespaceMatching($@"^Sextant\.{room}(\.|$)")
            .As(room);
        ArchUnitNET.Fluent.Syntax.Elements.Types.GivenTypesConjunctionWithDescription there = Types()
            .That()
            .ResideInNamespaceMatching($@"^Sextant\.({others})(\.|$)")
            .As(others);

        Assert.NotEmpty(here.GetObjects(House));
        Assert.NotEmpty(there.GetObjects(House));
        Assert.Empty(
            Types().That().Are(here).Should().NotDependOnAny(there).Evaluate(House).Where(r => !r.Passed).Select(r => r.Description)
        );
    }

    [Theory]
    [InlineData("Sextant.Cli", "TorchSharp,sextant-train-torch")]
    [InlineData("Sextant.Training", "TorchSharp,Sextant.Cli,Sextant.Server")]
    [InlineData("Sextant.NuGetModels", "Sextant.Onnx,Sextant.Training,Sextant.Hosted,Sextant.Cli,Sextant.Server")]
    [InlineData(
        "Sextant.Core",
        "Sextant.Training,Sextant.Cli,Sextant.Onnx,Sextant.NuGetModels,Sextant.Hosted,Sextant.Server,Sextant.Plotting,Sextant.Postgres"
    )]
    public void Project_references_have_no_cycles(string project, string others)
    {
        System.Reflection.Assembly assembly = System.Reflection.Assembly.Load(project);

        Assert.Empty(assembly.GetReferencedAssemblies().Select(name => name.Name).Intersect(others.Split(',')));
    }
}
