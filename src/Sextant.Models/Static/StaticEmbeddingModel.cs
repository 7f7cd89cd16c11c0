using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Sextant.Models.Safetensors;
using Sextant.Tokenizers;

namespace Sextant.Models.Static;

/// <summary>
/// A static embedding model (Model2Vec): every token has one vector, and the embedding of a text is the mean of its tokens' vectors,
/// weighted by position if the model specifies weights. Unknown tokens are skipped; a text without known tokens gets the zero vector. There
/// is no token limit. Thread-safe.
/// </summary>
/// <remarks>
/// <see cref="StaticModelProvider"/> opens one as an embedding generator, whose <c>GetService</c> returns it.
/// <see cref="StaticModelWriter"/> writes such a model.
/// </remarks>
public sealed class StaticEmbeddingModel
{
    private readonly StaticModelLayout _layout;

    private StaticEmbeddingModel(WordPieceTokenizer tokenizer, TokenTable table, StaticModelLayout layout, string revision)
    {
        Tokenizer = tokenizer;
        Table = table;
        Revision = revision;
        _layout = layout;
    }

    /// <summary>The tokenizer.</summary>
    public WordPieceTokenizer Tokenizer { get; }

    /// <summary>The number of tokens that have a vector.</summary>
    public int TokenCount => Table.Tokens;

    /// <summary>Whether embeddings are scaled to length 1.</summary>
    public bool Normalize => _layout.Normalize;

    /// <summary>
    /// The position whose token has half the weight of the first (see <see cref="PositionWeights"/>); <see langword="null"/> for equal
    /// weights.
    /// </summary>
    public float? PositionScale => _layout.PositionScale;

    /// <summary>Dimensions that the model was trained for (Matryoshka), the largest first.</summary>
    public IReadOnlyList<int> MatryoshkaDimensions => _layout.MatryoshkaDimensions;

    /// <summary>A hash of the weights and the tokenizer.</summary>
    public string Revision { get; }

    /// <summary>The length of an embedding.</summary>
    public int Dimensions => Table.Dimensions;

    internal TokenTable Table { get; }

    /// <summary>
    /// Whether files are those of a static model: in the layout of Model2Vec, or of sentence-transformers' <c>StaticEmbedding</c>.
    /// </summary>
    /// <exception cref="InputException">A configuration file is damaged.</exception>
    public static bool IsStaticModel(ModelFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return StaticModelLayout.Recognize(files) is not null;
    }

    /// <summary>Reads a model.</summary>
    /// <returns>The model; <see langword="null"/> when the files are not those of a static model.</returns>
    /// <exception cref="InputException">The model is damaged; the message names the file.</exception>
    public static StaticEmbeddingModel? TryLoad(ModelFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (StaticModelLayout.Recognize(files) is not { } layout)
        {
            return null;
        }

        string weightsFile = layout.Folder + "model.safetensors";
        Stream stream =
            files.TryOpen(weightsFile) ?? throw new InputException($"{files.Location}: no {weightsFile}, which a static model needs");
        using SafetensorsFile weights = SafetensorsFile.Open(stream, files.Locate(weightsFile));

        // The vocabulary takes as long to read as the table and its hash together, and a program waits for both at its start.
        Task<WordPieceTokenizer> reading = Task.Run(() => WordPieceFiles.Load(files, layout.Folder));
        TokenTable table = ReadTable(weights, files.Locate(weightsFile));
        string revision = ModelRevision.Compute(files, layout.Folder);
        WordPieceTokenizer tokenizer = reading.GetAwaiter().GetResult();
        if (tokenizer.Vocabulary.MaxId >= table.Tokens)
        {
            throw new InputException(
                $"{files.Location}: the tokenizer has ids up to {tokenizer.Vocabulary.MaxId}, "
                    + $"and the table has {table.Tokens} vectors"
            );
        }

        return new StaticEmbeddingModel(tokenizer, table, layout, revision);
    }

    /// <summary>Embeds one text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="ids">A buffer for token ids; overwritten.</param>
    /// <param name="vector">Receives the embedding; exactly <see cref="Dimensions"/> long.</param>
    /// <returns>The number of tokens, unknown ones included.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="vector"/> has another length.</exception>
    public int Embed(ReadOnlySpan<char> text, List<int> ids, Span<float> vector)
    {
        ArgumentNullException.ThrowIfNull(ids);
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

    /// <summary>Copies the vector of one token, without its position's weight.</summary>
    /// <param name="id">The token's id, from 0 up to <see cref="TokenCount"/>.</param>
    /// <param name="vector">Receives the vector; exactly <see cref="Dimensions"/> long.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token, or <paramref name="vector"/> has another length.</exception>
    public void GetTokenVector(int id, Span<float> vector) => Table.Sum([id], vector);

    private float TotalWeight(int tokens)
    {
        float sum = 0;
        for (int i = 0; i < tokens; i++)
        {
            sum += PositionWeights.GetWeight(i, PositionScale);
        }

        return sum;
    }

    private Span<int> DropUnknown(Span<int> ids)
    {
        int unknown = Tokenizer.Vocabulary.UnknownId,
            kept = 0;
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
            throw new InputException($"{path}: tensor '{name}' is {tensor}, expected [tokens, dimensions]");
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
