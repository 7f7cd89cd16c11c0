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
    public void Pairs_become_the_references_tokens_and_types_truncated_or_not(string name)
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
    public async Task Logits_are_those_of_the_reference(string name)
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
    public async Task Many_documents_at_once_score_as_one_by_one_and_in_their_order()
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
    public void The_files_from_before_tokenizer_json_put_pairs_together_in_the_same_way(string name, params string[] files)
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
    public async Task The_configuration_says_whether_scores_are_probabilities_or_logits(string place, string activation, ScoreKind kind)
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
    public async Task The_registry_opens_a_reranker_as_it_is_and_an_embedding_model_by_its_cosines()
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
    public async Task A_rerankers_repository_in_the_hubs_cache_opens_by_its_name()
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
    public async Task An_unknown_activation_is_named()
    {
        using var model = new TinyReranker("bert");
        model.SetActivation("torch.nn.modules.activation.Tanh");

        InputException error = await Assert.ThrowsAsync<InputException>(model.OpenAsync);

        Assert.EndsWith(
            "config.json: the scores' activation 'Tanh' is not known; known are Sigmoid and Identity",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("roberta")]
    public async Task An_embedding_model_is_no_reranker(string name)
    {
        using var model = new TinyModel(name);

        Assert.Null(await new OnnxModelProvider().OpenRerankerAsync(model.Folder, Stop));
    }

    [Fact]
    public async Task An_embedding_model_that_was_trained_from_a_classifier_is_no_reranker()
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
    public async Task A_reranker_that_is_opened_to_embed_says_what_it_is()
    {
        using var model = new TinyReranker("bert");

        InputException error = await Assert.ThrowsAsync<InputException>(() => new OnnxModelProvider().OpenAsync(model.Folder, Stop));

        Assert.Equal(
            $"{model.PathOf("onnx/model.onnx")}: this is a reranker (cross-encoder), not an embedding model: it gives scores (logits), "
                + "not vectors",
            error.Message
        );
    }

    [Theory]
    [InlineData("{\"0\":\"contradiction\",\"1\":\"entailment\",\"2\":\"neutral\"}", 3)]
    [InlineData(null, 2)]
    public async Task A_classifier_with_several_labels_is_no_reranker(string? labels, int count)
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

        Assert.Equal($"{model.Folder}: this is a classifier with {count} labels, not a reranker, which gives one score", error.Message);
    }

    [Fact]
    public async Task A_reranker_that_generates_text_is_named_by_its_kind()
    {
        using var model = new TinyReranker("bert");
        model.Edit("config.json", static config => config["architectures"] = new JsonArray("Qwen3ForCausalLM"));
        model.Write("config_sentence_transformers.json", new JsonObject { ["model_type"] = "CrossEncoder" });

        InputException error = await Assert.ThrowsAsync<InputException>(model.OpenAsync);

        Assert.Contains("a reranker of the kind 'Qwen3ForCausalLM' cannot be run here", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        using var model = new TinyReranker("bert");
        string graph = model.PathOf("onnx/model.onnx");
        File.Copy(Path.Combine(FixtureCopy.Fixtures, "bert", "onnx", "model.onnx"), graph, overwrite: true);
        InputException vectors = await Assert.ThrowsAsync<InputException>(model.OpenAsync);
        File.Delete(graph);
        InputException nothing = await Assert.ThrowsAsync<InputException>(model.OpenAsync);
        InputException embedding = await Assert.ThrowsAsync<InputException>(() => new OnnxModelProvider().OpenAsync(model.Folder, Stop));

        Assert.StartsWith(
            $"{graph}: none of the graph's outputs (last_hidden_state) holds one score for each pair",
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
    public async Task A_tokenizer_that_cannot_put_pairs_together_is_named()
    {
        using var model = new TinyReranker("bert");
        model.Edit("tokenizer.json", static json => json["post_processor"]!["pair"] = new JsonArray());

        InputException error = await Assert.ThrowsAsync<InputException>(model.OpenAsync);

        Assert.Contains("do not define how a query and a document are combined", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_has_room_for_special_tokens_only_is_refused()
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
