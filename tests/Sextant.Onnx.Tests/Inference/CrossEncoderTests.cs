using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Sextant.Embedding;
using Sextant.Models;
using Sextant.Models.Hub;
using Sextant.Tokenizers;
using Sextant.Tokenizers.Files;

namespace Sextant.Onnx.Tests.Inference;

/// <summary>Cross-encoders with random weights, held against Hugging Face's tokenizers and @huggingface/transformers.</summary>
public sealed class CrossEncoderTests
{
    private const string Identity = "torch.nn.modules.linear.Identity";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("bert")]
    [InlineData("roberta")]
    [InlineData("xlmr")]
    public void Pairs_are_tokenized_and_truncated_like_the_reference(string name)
    {
        using var model = new TinyReranker(name);
        SequenceTokenizer tokenizer = TokenizerFiles.Load(ModelFiles.InDirectory(model.Folder));

        Assert.All(
            model.Pairs,
            pair =>
            {
                (int[] ids, byte[] types) = tokenizer.Pair!.Join(
                    tokenizer.EncodeText(pair.Query),
                    tokenizer.EncodeText(pair.Document),
                    model.MaxLength
                );
                Assert.Equal(pair.Ids, ids);
                Assert.Equal(pair.Types, types.Select(static type => (int)type));
            }
        );
        Assert.Contains(model.Pairs, pair => pair.Ids.Length == model.MaxLength);
        Assert.Contains(model.Pairs, static pair => pair.Query.Length == 0 && pair.Document.Length == 0);
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("roberta")]
    [InlineData("xlmr")]
    public async Task Logits_match_the_reference(string name)
    {
        using var model = new TinyReranker(name);
        model.SetActivation(Identity);
        using IReranker reranker = await model.OpenAsync();

        float[] scores = await TinyReranker.ScoreAsync(reranker, model.Pairs);

        TinyReranker.AssertClose(model.Pairs.Select(static pair => pair.Logit), scores);
        Assert.Equal(ScoreKind.Logit, reranker.Profile.ScoreKind);
        Assert.Equal(model.MaxLength - (name == "bert" ? 3 : 4), reranker.Profile.MaxTokens);
    }

    [Fact]
    public async Task Batched_documents_score_like_single_ones_and_in_order()
    {
        using var model = new TinyReranker("bert");
        using IReranker reranker = await model.OpenAsync();
        string[] documents = [.. model.Pairs.Select(static pair => pair.Document)];

        IReadOnlyList<float> together = await reranker.ScoreAsync("how do refunds work?", documents, Stop);
        var alone = new List<float>();
        foreach (string document in documents)
            alone.AddRange(await reranker.ScoreAsync("how do refunds work?", [document], Stop));

        TinyReranker.AssertClose(alone, together);
        Assert.Empty(await reranker.ScoreAsync("how do refunds work?", [], Stop));
        Assert.Equal(0, await reranker.EstimateCostAsync("how do refunds work?", documents, Stop));
    }

    [Theory]
    [InlineData("bert", "vocab.txt")]
    [InlineData("roberta", "vocab.json", "merges.txt")]
    [InlineData("xlmr", "sentencepiece.bpe.model")]
    public void Older_tokenizer_files_encode_pairs_in_the_same_way(string name, params string[] files)
    {
        using var model = new TinyReranker(name);
        File.Delete(model.PathOf("tokenizer.json"));
        foreach (string file in files)
            File.Copy(Path.Combine(FixtureCopy.Fixtures, name, file), model.PathOf(file));
        SequenceTokenizer tokenizer = TokenizerFiles.Load(ModelFiles.InDirectory(model.Folder));
        ExpectedPair pair = model.Pairs[^3];

        (int[] ids, byte[] types) = tokenizer.Pair!.Join(
            tokenizer.EncodeText(pair.Query),
            tokenizer.EncodeText(pair.Document),
            model.MaxLength
        );

        Assert.Equal(pair.Ids, ids);
        Assert.Equal(pair.Types, types.Select(static type => (int)type));
    }

    [Theory]
    [InlineData("config_sentence_transformers.json", "torch.nn.modules.activation.Sigmoid", ScoreKind.Probability)]
    [InlineData("config_sentence_transformers.json", Identity, ScoreKind.Logit)]
    [InlineData("nested", "torch.nn.modules.activation.Sigmoid", ScoreKind.Probability)]
    [InlineData("nested", Identity, ScoreKind.Logit)]
    [InlineData("old", "torch.nn.modules.activation.Sigmoid", ScoreKind.Probability)]
    [InlineData("old", Identity, ScoreKind.Logit)]
    [InlineData("nowhere", "", ScoreKind.Probability)]
    public async Task Configuration_selects_probabilities_or_logits(string place, string activation, ScoreKind kind)
    {
        using var model = new TinyReranker("xlmr");
        if (place == "old")
            model.Edit("config.json", config => config["sbert_ce_default_activation_function"] = activation);
        if (place == "nested")
            model.SetActivation(activation);
        if (place.EndsWith(".json", StringComparison.Ordinal))
        {
            // The newest place wins over the others.
            model.SetActivation("torch.nn.modules.activation.Tanh");
            model.Write(place, new JsonObject { ["model_type"] = "CrossEncoder", ["activation_fn"] = activation });
            model.Write(
                "modules.json",
                new JsonArray(
                    new JsonObject
                    {
                        ["idx"] = 0,
                        ["name"] = "0",
                        ["path"] = "",
                        ["type"] = "sentence_transformers.base.modules.transformer.Transformer",
                    }
                )
            );
        }

        using IReranker reranker = await model.OpenAsync();
        float[] scores = await TinyReranker.ScoreAsync(reranker, model.Pairs);

        Assert.Equal(kind, reranker.Profile.ScoreKind);
        TinyReranker.AssertClose(
            model.Pairs.Select(pair => kind == ScoreKind.Logit ? pair.Logit : 1 / (1 + MathF.Exp(-pair.Logit))),
            scores
        );
    }

    [Fact]
    public async Task Registry_opens_a_cross_encoder_directly_and_an_embedding_model_by_cosine()
    {
        using var pair = new TinyReranker("bert");
        using var single = new TinyModel("bert");
        ModelRegistry registry = ModelRegistry.Default.WithProviders(new OnnxModelProvider());
        var pipeline = new EmbeddingPipelineOptions { UseCache = false };

        using IReranker cross = await registry.OpenRerankerAsync(pair.Folder, pipeline, Stop);
        using IReranker cosine = await registry.OpenRerankerAsync(single.Folder, pipeline, Stop);

        Assert.Equal(ScoreKind.Logit, cross.Profile.ScoreKind);
        TinyReranker.AssertClose(pair.Pairs.Select(static pair => pair.Logit), await TinyReranker.ScoreAsync(cross, pair.Pairs));
        Assert.Equal(ScoreKind.Cosine, cosine.Profile.ScoreKind);
        Assert.Equal(1, (await cosine.ScoreAsync("a", ["a"], Stop))[0], 1e-5f);
    }

    [Fact]
    public async Task Reranker_in_the_hub_cache_opens_by_its_name()
    {
        using var cache = new TinyReranker("xlmr");
        string snapshot = Path.Combine(cache.Folder, "models--tiny--reranker", "snapshots", new string('a', 40));
        Directory.CreateDirectory(snapshot);
        foreach (string part in (string[])["onnx", "config.json", "tokenizer.json", "tokenizer_config.json"])
            Directory.Move(cache.PathOf(part), Path.Combine(snapshot, part));
        cache.WriteText("models--tiny--reranker/refs/main", new string('a', 40));
        ModelRegistry registry = ModelRegistry
            .Default.WithHub(new HubOptions { CacheDirectory = cache.Folder, Offline = true })
            .WithProviders(new OnnxModelProvider());

        using IReranker reranker = await registry.OpenRerankerAsync("hf:tiny/reranker", cancellationToken: Stop);

        Assert.Equal(("hf:tiny/reranker", ScoreKind.Probability), (reranker.Profile.Name, reranker.Profile.ScoreKind));
        TinyReranker.AssertClose(
            cache.Pairs.Select(static pair => 1 / (1 + MathF.Exp(-pair.Logit))),
            await TinyReranker.ScoreAsync(reranker, cache.Pairs)
        );
    }

    [Fact]
    public async Task Unknown_activation_is_an_error_with_its_name()
    {
        using var model = new TinyReranker("bert");
        model.SetActivation("torch.nn.modules.activation.Tanh");

        InputException error = await Assert.ThrowsAsync<InputException>(model.OpenAsync);

        Assert.EndsWith(
            "config.json: the activation 'Tanh' of the scores is unknown; use Sigmoid or Identity",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("roberta")]
    public async Task Embedding_model_is_not_a_reranker(string name)
    {
        using var model = new TinyModel(name);

        Assert.Null(await new OnnxModelProvider().OpenRerankerAsync(model.Folder, Stop));
    }

    [Fact]
    public async Task Embedding_model_trained_from_a_classifier_is_not_a_reranker()
    {
        using var model = new TinyModel("bert");
        model.Edit(
            "config.json",
            static config =>
            {
                config["architectures"] = new JsonArray("BertForSequenceClassification");
                config["num_labels"] = 1;
            }
        );
        model.AddModules(new JsonObject { ["pooling_mode"] = "mean" });

        Assert.Null(await new OnnxModelProvider().OpenRerankerAsync(model.Folder, Stop));
        using IEmbeddingGenerator<string, Embedding<float>> generator = await model.OpenAsync();
        Assert.Equal(TinyModel.Hidden, generator.GetService<ModelProfile>()!.Dimensions);
    }

    [Fact]
    public async Task Cross_encoder_opened_as_an_embedding_model_is_rejected_with_the_reason()
    {
        using var model = new TinyReranker("bert");

        InputException error = await Assert.ThrowsAsync<InputException>(() => new OnnxModelProvider().OpenAsync(model.Folder, Stop));

        Assert.Equal(
            $"{model.PathOf("onnx/model.onnx")}: this is a reranker (cross-encoder), not an embedding model: it returns scores (logits), "
                + "not vectors",
            error.Message
        );
    }

    [Theory]
    [InlineData("{\"0\":\"contradiction\",\"1\":\"entailment\",\"2\":\"neutral\"}", 3)]
    [InlineData(null, 2)]
    public async Task Classifier_with_several_labels_is_not_a_reranker(string? labels, int count)
    {
        using var model = new TinyReranker("bert");
        model.Edit(
            "config.json",
            config =>
            {
                config.Remove("id2label");
                if (labels is not null)
                    config["id2label"] = JsonNode.Parse(labels);
            }
        );

        InputException error = await Assert.ThrowsAsync<InputException>(model.OpenAsync);

        Assert.Equal($"{model.Folder}: this is a classifier with {count} labels, not a reranker with one score", error.Message);
    }

    [Fact]
    public async Task Generative_reranker_is_rejected_with_its_kind()
    {
        using var model = new TinyReranker("bert");
        model.Edit("config.json", static config => config["architectures"] = new JsonArray("Qwen3ForCausalLM"));
        model.Write("config_sentence_transformers.json", new JsonObject { ["model_type"] = "CrossEncoder" });

        InputException error = await Assert.ThrowsAsync<InputException>(model.OpenAsync);

        Assert.Contains("rerankers of type 'Qwen3ForCausalLM' are not supported", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_files_are_named()
    {
        using var model = new TinyReranker("bert");
        string graph = model.PathOf("onnx/model.onnx");
        File.Copy(Path.Combine(FixtureCopy.Fixtures, "bert", "onnx", "model.onnx"), graph, overwrite: true);
        InputException vectors = await Assert.ThrowsAsync<InputException>(model.OpenAsync);
        File.Delete(graph);
        InputException nothing = await Assert.ThrowsAsync<InputException>(model.OpenAsync);
        InputException embedding = await Assert.ThrowsAsync<InputException>(() => new OnnxModelProvider().OpenAsync(model.Folder, Stop));

        Assert.StartsWith(
            $"{graph}: none of the graph's outputs (last_hidden_state) is one score per pair",
            vectors.Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith($"{model.Folder}: a reranker without an ONNX graph (looked for ", nothing.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "this is a reranker (cross-encoder), not an embedding model, and it has no ONNX graph",
            embedding.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Tokenizer_that_cannot_encode_pairs_is_rejected()
    {
        using var model = new TinyReranker("bert");
        model.Edit("tokenizer.json", static json => json["post_processor"]!["pair"] = new JsonArray());

        InputException error = await Assert.ThrowsAsync<InputException>(model.OpenAsync);

        Assert.Contains("do not define how a query and a document are combined", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_with_space_for_special_tokens_only_is_rejected()
    {
        using var model = new TinyReranker("bert");
        model.Edit("config.json", static config => config["max_position_embeddings"] = 3);

        InputException error = await Assert.ThrowsAsync<InputException>(model.OpenAsync);

        Assert.EndsWith(
            "the model reads 3 tokens, and 3 of them are special, which leaves none for texts",
            error.Message,
            StringComparison.Ordinal
        );
    }
}
