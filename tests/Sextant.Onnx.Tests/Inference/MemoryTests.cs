using System.Text.Json.Nodes;

namespace Sextant.Onnx.Tests.Inference;

/// <summary>The memory of a graph is bounded by its largest batch, and the memory for a huge text is released.</summary>
public sealed class MemoryTests
{
    [Fact]
    public void Memory_does_not_grow_with_shapes_and_is_released_after_a_giant_text()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "what a process holds is read from /proc");
        using var model = new TinyModel("mistral");
        model.Edit("tokenizer_config.json", static config => config["model_max_length"] = 2 * MemoryProcess.GiantTokens);
        model.AddModules(new JsonObject { ["pooling_mode"] = "lasttoken" });

        (long largest, long many, long most, long after) = MemoryProcess.Run(model.Folder);

        const long scores = 4L * MemoryProcess.GiantTokens * MemoryProcess.GiantTokens * sizeof(float) >> 20;
        string figures =
            $"{largest} MiB after the largest batches, {many} after many of other shapes, {most} in a text of "
            + $"{MemoryProcess.GiantTokens} tokens, {after} after it";
        Assert.True(most - many > scores / 2, $"the giant text was not giant: {figures}");
        Assert.True(many - largest < 100, figures);
        Assert.True(after - many < scores / 4, figures);
    }
}
