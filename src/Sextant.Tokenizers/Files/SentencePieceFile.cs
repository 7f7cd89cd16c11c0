using System.Text;

namespace Sextant.Tokenizers.Files;

/// <summary>What a piece of a SentencePiece model is for; the numbers are the file's.</summary>
internal enum PieceType
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>One piece of a vocabulary.</summary>
internal readonly record struct SentencePiece(string Text, float Score, PieceType Type);

/// <summary>The content of a SentencePiece model (<c>sentencepiece_model.proto</c>), as far as cutting text needs it.</summary>
internal sealed record SentencePieceFile
{
    /// <summary>A piece's place is its id.</summary>
    public List<SentencePiece> Pieces { get; } = [];

    /// <summary>Whether pairs are joined (BPE) rather than the most probable cut looked for (unigram).</summary>
    public bool IsBpe { get; private set; }

    /// <summary>Whether unknown characters become their bytes.</summary>
    public bool ByteFallback { get; private set; }

    /// <summary>The compiled table of replacements; empty if missing.</summary>
    public byte[] CharacterMap { get; private set; } = [];

    /// <summary>Whether to prepend a space to the text.</summary>
    public bool AddsPrefix { get; private set; } = true;

    /// <summary>Whether spaces at the ends go, and several become one.</summary>
    public bool RemovesExtraSpaces { get; private set; } = true;

    /// <exception cref="FormatException">It is damaged, or of a kind that is not known.</exception>
    public static SentencePieceFile Parse(ReadOnlySpan<byte> bytes)
    {
        var file = new SentencePieceFile();
        var reader = new ProtobufReader(bytes);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    file.Pieces.Add(ReadPiece(reader.Bytes));
                    break;
                case 2:
                    file.ReadTrainer(reader.Bytes);
                    break;
                case 3:
                    file.ReadNormalizer(reader.Bytes);
                    break;
                default:
                    break;
            }
        }

        return file.Pieces.Count > 0 ? file : throw new FormatException("it has no pieces");
    }

    private static SentencePiece ReadPiece(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        (string text, float score, PieceType type) = ("", 0, PieceType.Normal);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    text = Encoding.UTF8.GetString(reader.Bytes);
                    break;
                case 2:
                    score = BitConverter.UInt32BitsToSingle((uint)reader.Number);
                    break;
                case 3:
                    type = (PieceType)reader.Number;
                    break;
                default:
                    break;
            }
        }

        return float.IsNaN(score)
            ? throw new FormatException($"the score of its piece '{text}' is not a number")
            : new SentencePiece(text, score, type);
    }

    private void ReadTrainer(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 3:
                    IsBpe = reader.Number switch
                    {
                        1 => false,
                        2 => true,
                        _ => throw new FormatException("its model is neither unigram nor BPE"),
                    };
                    break;
                case 24 when reader.Number != 0:
                    throw new FormatException("it writes spaces after words, which is not supported");
                case 35:
                    ByteFallback = reader.Number != 0;
                    break;
                default:
                    break;
            }
        }
    }

    private void ReadNormalizer(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 2:
                    CharacterMap = reader.Bytes.ToArray();
                    break;
                case 3:
                    AddsPrefix = reader.Number != 0;
                    break;
                case 4:
                    RemovesExtraSpaces = reader.Number != 0;
                    break;
                default:
                    break;
            }
        }
    }
}
