namespace Sextant.Models.Tokenization;

/// <summary>Reads the tokeniser of a transformer's directory.</summary>
internal static class TokenizerFiles
{
    /// <exception cref="InputException">There is none, or it is damaged; the message names the file.</exception>
    public static SequenceTokenizer Load(ModelFiles files)
    {
        WordPieceTokenizer words = WordPieceFiles.Load(files);
        return new SequenceTokenizer(words, [Special("[CLS]")], [Special("[SEP]")]) { PadId = Special("[PAD]") };

        int Special(string token) => words.Vocabulary.TryGetStart(token, out int id)
            ? id
            : throw new InputException($"{files.Location}: the vocabulary has no {token}");
    }
}
