using System.Text;

namespace Sextant.Training.Import;

/// <summary>
/// Reads an ONNX file: nodes, constants, inputs and outputs. Field numbers are those of onnx.proto (ONNX, Apache-2.0,
/// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). The file is in memory once; tensors are slices of it.
/// </summary>
internal sealed class OnnxModelReader
{
    /// <summary>Far above any encoder's graph; a file with more is damaged.</summary>
    private const int MaxNodes = 200_000;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly OnnxTensorReader _tensors;
    private readonly OnnxModel _model;

    private OnnxModelReader(string path)
    {
        _file = OnnxTensorReader.ReadWhole(path);
        _tensors = new OnnxTensorReader(path, _file);
        _model = new OnnxModel(path);
    }

    /// <exception cref="InputException">It is damaged, or no ONNX graph.</exception>
    public static OnnxModel Read(string path)
    {
        var reader = new OnnxModelReader(path);
        try
        {
            reader.ReadModel();
        }
        catch (FormatException e)
        {
            throw new InputException($"{path}: not an ONNX graph: {e.Message}", e);
        }

        return reader._model.Nodes.Count > 0 ? reader._model : throw new InputException($"{path}: not an ONNX graph: it has no nodes");
    }

    private void ReadModel()
    {
        var reader = new ProtobufReader(_file.Span);
        while (reader.Read())
        {
            if (reader.Field == 7)
            {
                ReadGraph(reader.Bytes);
            }
        }
    }

    private void ReadGraph(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    _model.Nodes.Add(
                        _model.Nodes.Count < MaxNodes
                            ? ReadNode(reader.Bytes)
                            : throw new FormatException($"it has more than {MaxNodes} nodes")
                    );
                    break;
                case 5:
                    (string name, OnnxTensor tensor) = _tensors.Read(reader.Bytes);
                    _model.Constants[name] = tensor;
                    break;
                case 11:
                    _model.Inputs.Add(ReadName(reader.Bytes));
                    break;
                case 12:
                    _model.Outputs.Add(ReadName(reader.Bytes));
                    break;
                default:
                    break;
            }
        }
    }

    private OnnxNode ReadNode(ReadOnlySpan<byte> message)
    {
        var node = new OnnxNode();
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    node.Inputs.Add(Text(reader.Bytes));
                    break;
                case 2:
                    node.Outputs.Add(Text(reader.Bytes));
                    break;
                case 3:
                    node.Name = Text(reader.Bytes);
                    break;
                case 4:
                    node.Type = Text(reader.Bytes);
                    break;
                case 5:
                    (string name, OnnxAttribute attribute) = ReadAttribute(reader.Bytes);
                    node.Attributes[name] = attribute;
                    break;
                case 7:
                    node.Domain = Text(reader.Bytes);
                    break;
                default:
                    break;
            }
        }

        return node;
    }

    private (string Name, OnnxAttribute Attribute) ReadAttribute(ReadOnlySpan<byte> message)
    {
        string name = "",
            text = "";
        float number = 0;
        long whole = 0;
        var wholes = new List<long>();
        OnnxTensor? tensor = null;
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    name = Text(reader.Bytes);
                    break;
                case 2:
                    number = BitConverter.UInt32BitsToSingle((uint)reader.Number);
                    break;
                case 3:
                    whole = (long)reader.Number;
                    break;
                case 4:
                    text = Text(reader.Bytes);
                    break;
                case 5:
                    tensor = _tensors.Read(reader.Bytes).Tensor;
                    break;
                case 8:
                    reader.AddIntegers(wholes);
                    break;
                default:
                    break;
            }
        }

        return (
            name,
            new OnnxAttribute
            {
                Number = number,
                Whole = whole,
                Text = text,
                Wholes = wholes,
                Tensor = tensor,
            }
        );
    }

    private static string ReadName(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            if (reader.Field == 1)
            {
                return Text(reader.Bytes);
            }
        }

        return "";
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
