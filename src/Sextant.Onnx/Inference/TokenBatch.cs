using System.Buffers;

namespace Sextant.Onnx.Inference;

/// <summary>Sequences filled up to one length, as the rows of the tensors that a graph reads.</summary>
internal sealed class TokenBatch : IDisposable
{
    private readonly IReadOnlyList<EncodedText> _texts;
    private readonly long[] _ids;
    private readonly long[] _mask;
    private readonly List<long[]> _rented = [];

    /// <param name="texts">At least one.</param>
    /// <param name="padId">Fills the places of shorter sequences.</param>
    /// <param name="padsLeft">Whether they are filled on the left.</param>
    /// <param name="fixedRows">The only number of rows that the graph takes, if there is one.</param>
    /// <param name="fixedLength">The only length that the graph takes, if there is one.</param>
    public TokenBatch(IReadOnlyList<EncodedText> texts, int padId, bool padsLeft, int? fixedRows = null, int? fixedLength = null)
    {
        _texts = texts;
        Texts = texts.Count;
        Rows = fixedRows ?? texts.Count;
        // A graph cannot run over nothing: an empty sequence has one place, of padding.
        Length = fixedLength ?? Math.Max(1, texts.Max(static text => text.Ids.Length));
        Starts = new int[Texts];
        Lengths = new int[Texts];
        _ids = Rent(padId);
        _mask = Rent(0);
        for (int row = 0; row < Texts; row++)
        {
            int[] sequence = texts[row].Ids;
            Starts[row] = padsLeft ? Length - sequence.Length : 0;
            Lengths[row] = sequence.Length;
            int at = (row * Length) + Starts[row];
            for (int i = 0; i < sequence.Length; i++)
            {
                _ids[at + i] = sequence[i];
                _mask[at + i] = 1;
            }
        }

        for (int row = 0; row < Rows; row++)
        {
            // Attention over nothing at all would give not-a-number.
            if (row >= Texts || Lengths[row] == 0)
            {
                _mask[row * Length] = 1;
            }
        }
    }

    /// <summary>The number of sequences.</summary>
    public int Texts { get; }

    /// <summary>How many rows the tensors have; more than <see cref="Texts"/> if the graph requires a fixed number.</summary>
    public int Rows { get; }

    /// <summary>The length that all are filled up to.</summary>
    public int Length { get; }

    /// <summary>The start of each sequence in its row.</summary>
    public int[] Starts { get; }

    /// <summary>How long each sequence is.</summary>
    public int[] Lengths { get; }

    /// <summary>The token ids, row by row.</summary>
    public Memory<long> Ids => Filled(_ids);

    /// <summary>1 where there is a token and 0 where there is padding.</summary>
    public Memory<long> Mask => Filled(_mask);

    /// <summary>Which of the two texts of a row each token belongs to; 0 where there is one text only, and for padding.</summary>
    public Memory<long> CreateTypes()
    {
        long[] types = Rent(0);
        for (int row = 0; row < Texts; row++)
        {
            byte[] own = _texts[row].Types ?? [];
            for (int i = 0; i < own.Length; i++)
            {
                types[(row * Length) + Starts[row] + i] = own[i];
            }
        }

        return Filled(types);
    }

    /// <summary>The place of each token in its own text, counted from 0; 0 for padding.</summary>
    public Memory<long> CreatePositions()
    {
        long[] positions = Rent(0);
        for (int row = 0; row < Texts; row++)
        {
            for (int i = 0; i < Lengths[row]; i++)
            {
                positions[(row * Length) + Starts[row] + i] = i;
            }
        }

        return Filled(positions);
    }

    public void Dispose()
    {
        foreach (long[] array in _rented)
        {
            ArrayPool<long>.Shared.Return(array);
        }

        _rented.Clear();
    }

    private Memory<long> Filled(long[] array) => array.AsMemory(0, Rows * Length);

    private long[] Rent(long fill)
    {
        long[] array = ArrayPool<long>.Shared.Rent(checked(Rows * Length));
        array.AsSpan(0, Rows * Length).Fill(fill);
        _rented.Add(array);
        return array;
    }
}
