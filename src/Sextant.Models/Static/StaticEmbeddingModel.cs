using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Sextant.Models.Safetensors;
using Sextant.Tokenizers;

namespace Sextant.Models.Static;

/// <summary>
/// A static embedding model: every token has one vector, and a text is the mean of its tokens' vectors, weighted by position where the model says so.
/// Unknown tokens are left out; a text without a known token is the zero vector. It reads texts of any length.
/// Thread-safe. The files are described in docs/formats.md.
/// </summary>
internal sealed class StaticEmbeddingModel
{
    private readonly StaticModelLayout _layout;

    private StaticEmbeddingModel(WordPieceTokenizer tokenizer, TokenTable table, StaticModelLayout layout, string revision)
    {
        Tokenizer = tokenizer;
        Table = table;
        Revision = revision;
        _layout = layout;
    }

    public WordPieceTokenizer Tokenizer { get; }

    public TokenTable Table { get; }

    /// <summary>Whether vectors are scaled to length 1.</summary>
    public bool Normalize => _layout.Normalize;

    /// <summary>The position whose token counts half as much as the first; <see langword="null"/> where all count the same.</summary>
    public float? PositionScale => _layout.PositionScale;

    /// <summary>Shorter lengths that the model was trained for, the largest first.</summary>
    public IReadOnlyList<int> MatryoshkaDimensions => _layout.MatryoshkaDimensions;

    /// <summary>A hash of the weights and the tokeniser.</summary>
    public string Revision { get; }

    public int Dimensions => Table.Dimensions;

    /// <summary>Reads a model; <see langword="null"/> when the files are no static model.</summary>
    /// <exception cref="InputException">They are one, but damaged; the message names the file.</exception>
    public static StaticEmbeddingModel? TryLoad(ModelFiles files)
    {
        if (StaticModelLayout.Recognise(files) is not { } layout)
        {
            return null;
        }

        string weightsFile = layout.Folder + "model.safetensors";
        Stream stream = files.TryOpen(weightsFile)
            ?? throw new InputException($"{files.Location}: no {weightsFile}, which a static model needs");
        using SafetensorsFile weights = SafetensorsFile.Open(stream, files.Locate(weightsFile));

        // The vocabulary takes as long to read as the table and its hash together, and a program waits for both at its start.
        Task<WordPieceTokenizer> reading = Task.Run(() => WordPieceFiles.Load(files, layout.Folder));
        TokenTable table = ReadTable(weights, files.Locate(weightsFile));
        string revision = ModelRevision.Of(files, layout.Folder);
        WordPieceTokenizer tokenizer = reading.GetAwaiter().GetResult();
        if (tokenizer.Vocabulary.MaxId >= table.Tokens)
        {
            throw new InputException($"{files.Location}: the tokeniser has ids up to {tokenizer.Vocabulary.MaxId}, "
                + $"but there are vectors for {table.Tokens} tokens");
        }

        return new StaticEmbeddingModel(tokenizer, table, layout, revision);
    }

    /// <summary>Embeds one text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="ids">Room to work in; overwritten.</param>
    /// <param name="vector">Exactly <see cref="Dimensions"/> long.</param>
    /// <returns>How many tokens were read, unknown ones among them.</returns>
    public int Embed(ReadOnlySpan<char> text, List<int> ids, Span<float> vector)
    {
        ids.Clear();
        Tokenizer.Encode(text, ids);
        Span<int> known = DropUnknown(CollectionsMarshal.AsSpan(ids));
        Table.Sum(known, vector, PositionScale);
        float length = Normalize ? TensorPrimitives.Norm<float>(vector) : TotalWeight(known.Length);
        if (length > 0)
        {
            TensorPrimitives.Multiply(vector, 1 / length, vector);
        }

        return ids.Count;
    }

    private float TotalWeight(int tokens)
    {
        float sum = 0;
        for (int i = 0; i < tokens; i++)
        {
            sum += PositionWeights.At(i, PositionScale);
        }

        return sum;
    }

    private Span<int> DropUnknown(Span<int> ids)
    {
        int unknown = Tokenizer.Vocabulary.UnknownId, kept = 0;
        foreach (int id in ids)
        {
            ids[kept] = id;
            kept += id == unknown ? 0 : 1;
        }

        return ids[..kept];
    }

    private static TokenTable ReadTable(SafetensorsFile file, string path)
    {
        // model2vec's name for the table, and that of sentence-transformers.
        string name = file.Tensors.ContainsKey("embedding.weight") ? "embedding.weight" : "embeddings";
        SafetensorsTensor tensor = file[name];
        if (tensor.Shape is not [_, > 0 and <= 1 << 16])
        {
            throw new InputException($"{path}: tensor '{name}' is {tensor.Describe()}, expected [tokens, dimensions]");
        }

        int dimensions = (int)tensor.Shape[1];
        float[]? weights = file.Tensors.ContainsKey("weights") ? file.ReadSingles("weights") : null;
        try
        {
            int[]? mapping = file.Tensors.ContainsKey("mapping")
                ? Array.ConvertAll(file.ReadInt64s("mapping"), static row => checked((int)row))
                : null;
            // Other types become float32 once, so that the inner loop knows two.
            return tensor.Type == SafetensorsType.I8
                ? TokenTable.Create(file.ReadSBytes(name), dimensions, weights, mapping)
                : TokenTable.Create(file.ReadSingles(name), dimensions, weights, mapping);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new InputException($"{path}: {e.Message}", e);
        }
    }
}
