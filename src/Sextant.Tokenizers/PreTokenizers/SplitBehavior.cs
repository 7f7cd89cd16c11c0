namespace Sextant.Tokenizers.PreTokenizers;

/// <summary>How to handle the delimiters when splitting a text.</summary>
internal enum SplitBehavior
{
    /// <summary>They go.</summary>
    Removed,

    /// <summary>Each is a separate piece.</summary>
    Isolated,

    /// <summary>Each ends the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>Each begins the piece after it.</summary>
    MergedWithNext,

    /// <summary>Adjacent delimiters are one piece.</summary>
    Contiguous,
}

/// <summary>Cuts a piece at delimiters, which are found elsewhere.</summary>
internal static class Splitting
{
    /// <param name="piece">The piece to split.</param>
    /// <param name="spans">Delimiters and the text between them, in order, without gaps.</param>
    /// <param name="behavior">How to handle delimiters.</param>
    /// <param name="into">Receives the parts.</param>
    public static void Apply(Piece piece, List<(int Start, int Length, bool Delimiter)> spans, SplitBehavior behavior, List<Piece> into)
    {
        int first = into.Count;
        bool backwards = behavior == SplitBehavior.MergedWithNext;
        bool before = behavior == SplitBehavior.Contiguous && spans.Count > 0 && !spans[0].Delimiter;
        for (int i = 0; i < spans.Count; i++)
        {
            (int start, int length, bool delimiter) = spans[backwards ? spans.Count - 1 - i : i];
            bool joins =
                into.Count > first
                && behavior switch
                {
                    SplitBehavior.Contiguous => delimiter == before,
                    SplitBehavior.MergedWithPrevious or SplitBehavior.MergedWithNext => delimiter && !before,
                    _ => false,
                };
            if (joins)
            {
                Piece last = into[^1];
                int from = Math.Min(last.Start - piece.Start, start);
                into[^1] = piece.Part(from, last.Length + length);
            }
            else if (length > 0 && !(delimiter && behavior == SplitBehavior.Removed))
            {
                into.Add(piece.Part(start, length));
            }

            before = delimiter;
        }

        if (backwards)
        {
            into.Reverse(first, into.Count - first);
        }
    }
}
