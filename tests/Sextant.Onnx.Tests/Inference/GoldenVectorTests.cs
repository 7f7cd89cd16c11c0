using System.Text.Json.Nodes;
using Sextant.Embedding;

namespace Sextant.Onnx.Tests.Inference;

/// <summary>
/// Small transformers of every family, against vectors that torch computed from the same weights: each text separately, without padding,
/// with token ids of the reference tokenizers. The texts include emoji, ideographs, combining marks, an empty text, and one over the token
/// limit.
/// </summary>
public sealed class GoldenVectorTests
{
    private static readonly string[] Models = ["bert", "roberta", "xlmr", "mistral"];
    private static readonly string[] Modes = ["cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"];

    public static TheoryData<string, string> ModelsAndModes => [.. Models.SelectMany(model => Modes.Select(mode => (model, mode)))];

    public static TheoryData<string> AllModels => [.. Models];

    [Theory]
    [MemberData(nameof(ModelsAndModes))]
    public async Task Every_pooling_matches_PyTorch(string name, string mode)
    {
        using var model = new TinyModel(name);
        model.AddModules(
            new JsonObject
            {
                ["embedding_dimension"] = TinyModel.Hidden,
                ["pooling_mode"] = mode,
                ["include_prompt"] = true,
            }
        );

        TinyModel.AssertClose(model.Expected(mode), await model.EmbedAsync(model.Texts));
    }

    [Theory]
    [MemberData(nameof(AllModels))]
    public async Task Text_has_the_same_vector_alone_and_in_a_batch(string name)
    {
        using var model = new TinyModel(name);
        model.AddModules(new JsonObject { ["pooling_mode"] = "mean" });
        float[][] expected = model.Expected("mean");

        for (int i = 0; i < model.Texts.Length; i += 3)
        {
            TinyModel.AssertClose([expected[i]], await model.EmbedAsync([model.Texts[i]]));
        }
    }

    [Theory]
    [InlineData("bert", "left")]
    [InlineData("roberta", "left")]
    [InlineData("mistral", "right")]
    public async Task Padding_side_does_not_change_vectors(string name, string side)
    {
        using var model = new TinyModel(name);
        model.Edit("tokenizer_config.json", config => config["padding_side"] = side);
        string mode = name == "mistral" ? "lasttoken" : "weightedmean";
        model.AddModules(new JsonObject { ["pooling_mode"] = mode });
        float[][] expected = model.Expected(mode);
        // BERT's graph counts places from the row's begin, so that only texts of one length may be filled up on the left.
        int[] texts = [.. Enumerable.Range(0, model.Texts.Length).Where(i => name != "bert" || model.Lengths[i] == model.Lengths[2])];

        TinyModel.AssertClose([.. texts.Select(i => expected[i])], await model.EmbedAsync(texts.Select(i => model.Texts[i])));
    }

    [Theory]
    [MemberData(nameof(AllModels))]
    public async Task Several_poolings_are_concatenated_in_a_fixed_order(string name)
    {
        using var model = new TinyModel(name);
        float[][][] parts = [.. Modes.Select(model.Expected)];
        float[][] expected = [.. model.Texts.Select((_, i) => parts.SelectMany(part => part[i]).ToArray())];
        // The old dialect, its switches in another order than the result.
        model.AddModules(
            new JsonObject
            {
                ["word_embedding_dimension"] = TinyModel.Hidden,
                ["pooling_mode_lasttoken"] = true,
                ["pooling_mode_weightedmean_tokens"] = true,
                ["pooling_mode_mean_sqrt_len_tokens"] = true,
                ["pooling_mode_mean_tokens"] = true,
                ["pooling_mode_max_tokens"] = true,
                ["pooling_mode_cls_token"] = true,
            }
        );
        TinyModel.AssertClose(expected, await model.EmbedAsync(model.Texts));

        // The new one.
        model.AddModules(new JsonObject { ["pooling_mode"] = new JsonArray([.. Modes.Select(mode => (JsonNode)mode)]) });
        TinyModel.AssertClose(expected, await model.EmbedAsync(model.Texts));
    }

    [Theory]
    [MemberData(nameof(AllModels))]
    public async Task A_dense_layer_and_normalization_follow_pooling(string name)
    {
        using var model = new TinyModel(name);
        model.AddModules(new JsonObject { ["pooling_mode"] = "mean" }, "Dense", "Normalize");
        Directory.CreateDirectory(model.PathOf("2_Dense"));
        foreach (string file in new[] { "config.json", "model.safetensors" })
        {
            File.Copy(Path.Combine(TinyModel.Fixtures, "dense", file), model.PathOf($"2_Dense/{file}"));
        }

        TinyModel.AssertClose(model.Expected("dense"), await model.EmbedAsync(model.Texts));
    }

    [Theory]
    [InlineData("bert", "cls")]
    [InlineData("bert", "mean")]
    [InlineData("bert", "weightedmean")]
    [InlineData("roberta", "mean")]
    [InlineData("xlmr", "mean")]
    [InlineData("mistral", "mean")]
    [InlineData("mistral", "weightedmean")]
    public async Task Prompt_is_excluded_from_pooling_when_the_model_requires_it(string name, string mode)
    {
        using var model = new TinyModel(name);
        model.Write("config_sentence_transformers.json", new JsonObject { ["prompts"] = new JsonObject { ["query"] = "query: " } });
        model.AddModules(new JsonObject { ["pooling_mode"] = mode, ["include_prompt"] = false });

        // Prompts are put before texts by the pipeline; a generator finds them there.
        float[][] queries = await model.EmbedAsync(model.Texts.Select(static text => "query: " + text), EmbeddingRole.Query);

        TinyModel.AssertClose(model.Expected("prompted " + mode), queries);
    }
}
