using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sextant.Embedding;

/// <summary>
/// The properties of a model needed to use it correctly: its dimensions, its limits and its prompts. A generator returns it from
/// <c>GetService(typeof(ModelProfile))</c>.
/// </summary>
public sealed record ModelProfile
{
    /// <summary>The model's name as a user writes it, for instance <c>sextant-small</c> or <c>openai:text-embedding-3-large</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// What stands for <see cref="Name"/> in the <see cref="Fingerprint"/>. The same as <see cref="Name"/>, unless one model answers
    /// to several names: a folder may be moved or written in another way and is still the model that its <see cref="Revision"/> says.
    /// </summary>
    public string Identity
    {
        get => field ?? Name;
        init;
    }

    /// <summary>Who computes the vectors: <c>sextant</c>, <c>onnx</c>, <c>openai</c> …</summary>
    public required string Provider { get; init; }

    /// <summary>Which edition of the model: a commit, a hash of its weights, or empty where the provider names none.</summary>
    public string Revision { get; init; } = "";

    /// <summary>The length of the vectors it gives.</summary>
    public required int Dimensions { get; init; }

    /// <summary>The most tokens of one text that it reads, or <see langword="null"/> when it has no limit.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>
    /// How token vectors become one: <c>mean</c>, <c>cls</c>, <c>last</c> …, or <c>hosted</c> where the provider decides.
    /// </summary>
    public string Pooling { get; init; } = "hosted";

    /// <summary>The prefix of every query; empty for most models.</summary>
    public string QueryPrompt { get; init; } = "";

    /// <summary>The prefix of every document; empty for most models.</summary>
    public string DocumentPrompt { get; init; } = "";

    /// <summary>Whether vectors are scaled to length 1.</summary>
    public bool Normalized { get; init; } = true;

    /// <summary>
    /// Lengths to which a vector may be cut and still mean the same, the largest first; empty when the model was not trained for it.
    /// </summary>
    public IReadOnlyList<int> MatryoshkaDimensions { get; init; } = [];

    /// <summary>The prompt for a text of <paramref name="role"/>.</summary>
    public string PromptFor(EmbeddingRole role) => role == EmbeddingRole.Query ? QueryPrompt : DocumentPrompt;

    /// <summary>
    /// Names the space that the vectors live in. Two vectors may be compared, and a cached vector may be used again,
    /// only when their fingerprints are equal.
    /// </summary>
    public string Fingerprint
    {
        get
        {
            // Unit separators keep "a" + "bc" and "ab" + "c" apart.
            string parts = string.Join(
                '\u001f',
                Provider,
                Identity,
                Revision,
                Dimensions.ToString(CultureInfo.InvariantCulture),
                Pooling,
                QueryPrompt,
                DocumentPrompt,
                Normalized ? "normalized" : "raw"
            );
            string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts)).AsSpan(0, 8));
            return string.Create(CultureInfo.InvariantCulture, $"{Provider}/{Identity}/{Dimensions}/{hash}");
        }
    }
}
