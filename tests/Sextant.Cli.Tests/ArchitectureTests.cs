using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Sextant.Cli.Tests;

/// <summary>Arrows between rooms point one way: text, embedding, vectors, index, search, and never back.</summary>
public sealed class ArchitectureTests
{
    private static readonly Architecture House = new ArchLoader().LoadAssemblies(
        typeof(SemanticSearchEngine).Assembly, typeof(Sextant.Training.FineTuning.FineTuner).Assembly, typeof(ExitCode).Assembly).Build();

    [Theory]
    [InlineData("Text", "Embedding|Models|Index|Search")]
    [InlineData("Vectors", "Text|Embedding|Models|Index|Search")]
    [InlineData("Index", "Text|Embedding|Models|Search")]
    [InlineData("Embedding", "Index|Search")]
    [InlineData("Models", "Index|Search")]
    [InlineData("Evaluation", "Index|Search")]
    public void A_room_knows_nothing_of_the_rooms_after_it(string room, string others)
    {
        var here = Types().That().ResideInNamespaceMatching($@"^Sextant\.{room}(\.|$)").As(room);
        var there = Types().That().ResideInNamespaceMatching($@"^Sextant\.({others})(\.|$)").As(others);

        Assert.NotEmpty(here.GetObjects(House));
        Assert.NotEmpty(there.GetObjects(House));
        Assert.Empty(Types().That().Are(here).Should().NotDependOnAny(there).Evaluate(House).Where(r => !r.Passed).Select(r => r.Description));
    }

    [Theory]
    [InlineData("Sextant", "Sextant.Training,Sextant.Cli,Sextant.Onnx,Sextant.NuGetModels,Sextant.Hosted,Sextant.Server,Sextant.Plotting,Sextant.Postgres")]
    [InlineData("Sextant.NuGetModels", "Sextant.Onnx,Sextant.Training,Sextant.Hosted,Sextant.Cli,Sextant.Server")]
    [InlineData("Sextant.Cli", "TorchSharp,sextant-train-torch")]
    [InlineData("Sextant.Training", "TorchSharp,Sextant.Cli,Sextant.Server")]
    public void A_project_references_none_that_stands_on_it(string project, string others)
    {
        System.Reflection.Assembly assembly = System.Reflection.Assembly.Load(project);

        Assert.Empty(assembly.GetReferencedAssemblies().Select(name => name.Name).Intersect(others.Split(',')));
    }
}
