using Sextant.Embedding;
using Sextant.Models.Safetensors;
using Sextant.Training.Numerics;
using Sextant.Training.Torch.Native;
using Sextant.Training.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace Sextant.Training.Torch.Encoders;

/// <summary>
/// A transformer in training. A batch with too many activations for memory is processed in slices: once without a graph, for the embeddings
/// of the loss, and once more with a graph, slice by slice, for their gradient (Gao et al. 2021, "Scaling deep contrastive learning batch
/// size under memory limited setup", arXiv:2101.06983). Each slice has its own dropout seed, so both passes drop the same values.
/// </summary>
internal sealed class TorchEncoder : ITransformerEncoder
{
    private const string Words = "embeddings.word";

    /// <summary>What the activations of a slice may take, about: those of 32 pairs of 100 tokens in a MiniLM.</summary>
    private const double SliceBytes = 1.5e9;

    private readonly TransformerConfig _config;
    private readonly Dictionary<string, Tensor> _weights = [];
    private readonly Dictionary<string, LoraMap> _changes = [];
    private readonly EncoderNetwork _network;
    private readonly AdamW _adam = new();
    private readonly Func<int, EmbeddingRole, int[]> _tokens;
    private readonly TransformerOptions _options;
    private readonly Device _device;
    private StepState? _step;

    /// <param name="start">The shape, the weights and the texts.</param>
    /// <param name="options">The trained parameters and the device.</param>
    public TorchEncoder(TransformerStart start, TransformerOptions options)
    {
        TransformerConfig config = start.Config;
        (_config, _tokens, _options) = (config, start.Tokens, options);
        _device = device(options.Device);
        foreach (TransformerParameter parameter in TransformerParameter.List(config))
        {
            Tensor weight = tensor(start.Weights[parameter.Name], parameter.Shape, device: _device);
            _weights.Add(parameter.Name, weight);
            if (options.LoraRank == 0)
            {
                _adam.Add(parameter.Name, weight);
                // The rows of the word embeddings are new leaves in every step; all other weights are leaves themselves.
                weight.requires_grad = parameter.Name != Words;
            }
        }

        for (int i = 0; options.LoraRank > 0 && i < config.Layers; i++)
        {
            foreach (string part in (string[])["query", "key", "value", "output"])
            {
                AddChange($"layer.{i}.{part}");
            }
        }

        _network = new EncoderNetwork(config, start.PoolsFirst, _weights, _changes, _device);
    }

    public int Dimensions => _config.Width;

    public long Steps { get; private set; }

    private bool TrainsWords => _options.LoraRank == 0;

    public EmbeddingMatrix Forward(int[] texts, int queries, SeededRandom random, ParallelOptions parallel)
    {
        int[][] tokens = [.. texts.Select((text, i) => _tokens(text, i < queries ? EmbeddingRole.Query : EmbeddingRole.Document))];
        _step?.Dispose();
        long budget = SliceTokens(tokens);
        _step = new StepState(tokens, TextSlice.Cut(tokens, budget), unchecked((long)random.Next()));
        Tensor words = _step.UseWords(_weights[Words], TrainsWords, _device);
        var embeddings = new EmbeddingMatrix(texts.Length, Dimensions);
        if (_step.Slices.Sum(static slice => slice.Tokens) <= budget || _step.Slices.Count == 1)
        {
            // The batch fits into memory: the graphs are kept, and nothing is computed twice.
            foreach (TextSlice slice in _step.Slices)
            {
                using DisposeScope graph = NewDisposeScope();
                _step.Kept.Add(Run(_step, slice, words, training: true).MoveToOuterDisposeScope());
                Copy(_step.Kept[^1], slice, embeddings);
            }

            return embeddings;
        }

        using IDisposable nothing = no_grad();
        foreach (TextSlice slice in _step.Slices)
        {
            using (NewDisposeScope())
            {
                Copy(Run(_step, slice, words, training: true), slice, embeddings);
            }

            FreedMemory.GiveBack();
        }

        return embeddings;
    }

    public void Backward(EmbeddingMatrix gradients, float rate, ParallelOptions parallel)
    {
        StepState step = _step ?? throw new InvalidOperationException("Call Forward before Backward.");
        for (int i = 0; i < step.Slices.Count; i++)
        {
            TextSlice slice = step.Slices[i];
            using (NewDisposeScope())
            {
                Tensor embeddings = step.Kept.Count > 0 ? step.Kept[i] : Run(step, slice, step.Words!, training: true);
                embeddings.backward([Gather(gradients, slice)]);
            }

            if (step.Kept.Count == 0)
            {
                FreedMemory.GiveBack();
            }
        }

        Steps++;
        using (no_grad())
        {
            using DisposeScope scope = NewDisposeScope();
            Dictionary<string, Tensor?> slopes = _adam.Tensors.ToDictionary(
                static t => t.Name,
                t => t.Name == Words ? step.Words!.grad : t.Weight.grad
            );
            float scale = 1;
            if (_options.MaxGradientNorm > 0)
            {
                double squares = stack([.. slopes.Values.Where(static g => g is not null).Select(static g => g!.norm())])
                    .square()
                    .sum()
                    .ToDouble();
                scale = (float)Math.Min(1, _options.MaxGradientNorm / Math.Sqrt(squares));
            }

            _adam.Step(name => slopes[name], (Words, step.Rows!), scale, rate, Steps);
            foreach ((_, Tensor weight, _, _) in _adam.Tensors)
            {
                weight.grad?.zero_();
            }
        }

        step.Dispose();
        _step = null;
    }

    public EmbeddingMatrix Embed(int[] texts, EmbeddingRole role)
    {
        int[][] tokens = [.. texts.Select(text => _tokens(text, role))];
        var embeddings = new EmbeddingMatrix(texts.Length, Dimensions);
        using IDisposable nothing = no_grad();
        foreach (TextSlice slice in TextSlice.Cut(tokens, SliceTokens(tokens)))
        {
            using DisposeScope scope = NewDisposeScope();
            Copy(
                _network.Forward([.. slice.Rows.Select(row => tokens[row])], slice.Length, _weights[Words], training: false),
                slice,
                embeddings
            );
        }

        return embeddings;
    }

    /// <summary>A weight as it stands, a low-rank change added in.</summary>
    public float[] ReadWeight(string name)
    {
        using IDisposable nothing = no_grad();
        using DisposeScope scope = NewDisposeScope();
        const string Suffix = ".weight";
        bool changed = name.EndsWith(Suffix, StringComparison.Ordinal) && _changes.ContainsKey(name[..^Suffix.Length]);
        return Values(changed ? _weights[name] + _changes[name[..^Suffix.Length]].Change() : _weights[name]);
    }

    public void Save(SafetensorsWriter file)
    {
        foreach ((string name, Tensor weight, Tensor first, Tensor second) in _adam.Tensors)
        {
            file.Add(name, weight.shape, () => Values(weight));
            file.Add("first_moments." + name, weight.shape, () => Values(first));
            file.Add("second_moments." + name, weight.shape, () => Values(second));
        }
    }

    public void Restore(SafetensorsFile file, long steps)
    {
        using IDisposable nothing = no_grad();
        foreach ((string name, Tensor weight, Tensor first, Tensor second) in _adam.Tensors)
        {
            Copy(name, weight);
            Copy("first_moments." + name, first);
            Copy("second_moments." + name, second);
        }

        Steps = steps;

        void Copy(string name, Tensor target)
        {
            float[] values = file.ReadSingles(name);
            if (values.Length != target.numel())
            {
                throw new InputException(
                    $"the checkpoint's '{name}' has {values.Length} values, expected {target.numel()}; delete it to start again"
                );
            }

            using Tensor read = tensor(values, target.shape, device: _device);
            target.copy_(read);
        }
    }

    public void Dispose()
    {
        _step?.Dispose();
        foreach (Tensor weight in _weights.Values)
        {
            weight.Dispose();
        }

        foreach ((_, Tensor weight, Tensor first, Tensor second) in _adam.Tensors)
        {
            weight.Dispose();
            first.Dispose();
            second.Dispose();
        }
    }

    private void AddChange(string map)
    {
        long[] shape = _weights[map + ".weight"].shape;
        var random = new SeededRandom(SeededRandom.Derive(_options.Seed, 23, (ulong)_changes.Count));
        float[] values = new float[_options.LoraRank * shape[1]];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.NextGaussian() / MathF.Sqrt(shape[1]);
        }

        Tensor down = tensor(values, [_options.LoraRank, shape[1]], device: _device, requires_grad: true);
        Tensor up = zeros([shape[0], _options.LoraRank], device: _device, requires_grad: true);
        _changes.Add(map, new LoraMap(down, up));
        _adam.Add(map + ".lora.down", down);
        _adam.Add(map + ".lora.up", up);
    }

    private Tensor Run(StepState step, TextSlice slice, Tensor words, bool training)
    {
        _ = manual_seed(step.Seed + slice.Rows[0]);
        return _network.Forward([.. slice.Rows.Select(row => step.Local[row])], slice.Length, words, training);
    }

    /// <summary>
    /// How many tokens a slice may have: what a layer keeps for its gradient is about 34 numbers for each of its width, and 3 for each head
    /// and pair of tokens.
    /// </summary>
    private long SliceTokens(int[][] tokens)
    {
        int longest = tokens.Length == 0 ? 1 : tokens.Max(static text => text.Length);
        double bytes = sizeof(float) * (double)_config.Layers * ((34.0 * _config.Width) + (3.0 * _config.Heads * longest));
        return _options.SliceTokens ?? Math.Max(longest, (long)(SliceBytes / bytes));
    }

    private static void Copy(Tensor embeddings, TextSlice slice, EmbeddingMatrix target)
    {
        float[] values = Values(embeddings);
        for (int i = 0; i < slice.Rows.Length; i++)
        {
            values.AsSpan(i * target.Columns, target.Columns).CopyTo(target[slice.Rows[i]]);
        }
    }

    private Tensor Gather(EmbeddingMatrix gradients, TextSlice slice)
    {
        float[] values = new float[slice.Rows.Length * gradients.Columns];
        for (int i = 0; i < slice.Rows.Length; i++)
        {
            gradients[slice.Rows[i]].CopyTo(values.AsSpan(i * gradients.Columns));
        }

        return tensor(values, [slice.Rows.Length, gradients.Columns], device: _device);
    }

    private static float[] Values(Tensor tensor)
    {
        using Tensor plain = tensor.detach().cpu().contiguous();
        return plain.data<float>().ToArray();
    }
}
