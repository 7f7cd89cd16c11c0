using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Sextant.Onnx.Inference;

/// <summary>One input that a graph declares, and how a batch fills it.</summary>
internal sealed class GraphInput
{
    private const string Known = "input_ids, attention_mask, token_type_ids, position_ids, past_key_values";

    private readonly NodeMetadata _metadata;
    private readonly Func<TokenBatch, OrtValue> _create;

    private GraphInput(string name, NodeMetadata metadata, Func<TokenBatch, OrtValue> create)
    {
        Name = name;
        _metadata = metadata;
        _create = create;
    }

    public string Name { get; }

    public int? FixedTexts => Fixed(0);

    public int? FixedLength => Fixed(1);

    /// <summary>The inputs in any order, but the token ids first.</summary>
    public static GraphInput[] ReadAll(IReadOnlyDictionary<string, NodeMetadata> inputs, string path)
    {
        if (!inputs.ContainsKey("input_ids"))
        {
            throw new InputException(
                $"{path}: not a text encoder: the graph's inputs are {string.Join(", ", inputs.Keys)}, without input_ids"
            );
        }

        return [.. inputs.Select(input => Describe(input.Key, input.Value, path)).OrderBy(static input => input.Name != "input_ids")];
    }

    public OrtValue CreateValue(TokenBatch batch) => _create(batch);

    private int? Fixed(int axis) => _metadata.Dimensions is { } sizes && sizes.Length > axis && sizes[axis] > 0 ? sizes[axis] : null;

    private static GraphInput Describe(string name, NodeMetadata metadata, string path)
    {
        Func<TokenBatch, Memory<long>>? values = name switch
        {
            "input_ids" => static batch => batch.Ids,
            "attention_mask" => static batch => batch.Mask,
            "token_type_ids" => static batch => batch.CreateTypes(),
            "position_ids" => static batch => batch.CreatePositions(),
            _ => null,
        };
        if (values is not null && metadata.ElementDataType is TensorElementType.Int64 or TensorElementType.Int32)
        {
            bool narrow = metadata.ElementDataType == TensorElementType.Int32;
            return new GraphInput(name, metadata, batch => CreateTensor(values!(batch), batch, narrow));
        }

        if (
            name.StartsWith("past_key_values", StringComparison.Ordinal)
            && metadata.Dimensions is [_, > 0 and var heads, _, > 0 and var size]
        )
        {
            // A decoder exported for generation: it has read nothing before this text.
            return new GraphInput(
                name,
                metadata,
                batch =>
                    OrtValue.CreateAllocatedTensorValue(
                        OrtAllocator.DefaultInstance,
                        metadata.ElementDataType,
                        [batch.Rows, heads, 0, size]
                    )
            );
        }

        throw new InputException(
            $"{path}: the graph needs '{name}' ({metadata.ElementDataType}), " + $"which is unknown; known inputs are {Known}"
        );
    }

    private static OrtValue CreateTensor(Memory<long> values, TokenBatch batch, bool narrow)
    {
        long[] shape = [batch.Rows, batch.Length];
        return narrow
            ? OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, new Memory<int>(Narrow(values.Span)), shape)
            : OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values, shape);
    }

    private static int[] Narrow(ReadOnlySpan<long> values)
    {
        int[] narrow = new int[values.Length];
        for (int i = 0; i < narrow.Length; i++)
        {
            narrow[i] = (int)values[i];
        }

        return narrow;
    }
}
