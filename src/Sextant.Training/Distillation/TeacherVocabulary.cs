using Sextant.Models;
using Sextant.Tokenizers;
using Sextant.Training.FineTuning;

namespace Sextant.Training.Distillation;

/// <summary>Vocabularies that a student can take over instead of learning one from a corpus.</summary>
public static class TeacherVocabulary
{
    /// <summary>Reads the WordPiece vocabulary of a model folder, from its <c>tokenizer.json</c> or <c>vocab.txt</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The tokens in the order of their ids.</returns>
    /// <exception cref="InputException">The folder has no such file, or its tokens are not WordPiece's.</exception>
    public static IReadOnlyList<string> Read(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Tokens(WordPieceFiles.Load(ModelFiles.InDirectory(folder)));
    }

    /// <summary>The built-in model's, of English words.</summary>
    internal static IReadOnlyList<string> BuiltIn() => Tokens(StaticBase.Open(StaticModelProvider.BuiltInModel).Model.Tokenizer);

    private static string[] Tokens(WordPieceTokenizer tokenizer) =>
        [.. tokenizer.Vocabulary.ToTokens().Select(static (token, id) => token ?? $"[unused-{id}]")];
}
