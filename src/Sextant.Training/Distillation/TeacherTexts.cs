using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sextant.Training.Distillation;

/// <summary>The texts of a corpus, each once: those that are trained on, and those that are held out to measure with.</summary>
internal sealed class TeacherTexts
{
    private const int MaxHeldOut = 2_000;

    /// <summary>All texts, the held-out ones last.</summary>
    public required IReadOnlyList<string> All { get; init; }

    /// <summary>How many of them are trained on.</summary>
    public required int Trained { get; init; }

    public int HeldOut => All.Count - Trained;

    public static TeacherTexts Create(IEnumerable<string> corpus, DistillationOptions options)
    {
        List<string> texts = [.. corpus.Where(static text => !string.IsNullOrWhiteSpace(text)).Distinct(StringComparer.Ordinal)];
        int heldOut = (int)Math.Min(MaxHeldOut, texts.Count * options.ValidationFraction);
        if (heldOut == 0)
        {
            return new() { All = texts, Trained = texts.Count };
        }

        // Spread over the whole corpus: its end may be of one kind. The order of the others stays, since neighbors in it belong together.
        var held = new List<string>(heldOut);
        var trained = new List<string>(texts.Count - heldOut);
        for (int i = 0; i < texts.Count; i++)
        {
            bool holds = (long)(i + 1) * heldOut / texts.Count > (long)i * heldOut / texts.Count;
            (holds ? held : trained).Add(texts[i]);
        }

        return new() { All = [.. trained, .. held], Trained = trained.Count };
    }

    /// <summary>Names the teacher, the settings and every text, in order.</summary>
    public string Fingerprint(string teacher, DistillationOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{teacher}\n{options.Describe()}\n{Trained}\n"));
        foreach (string text in All)
        {
            hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
            hash.AppendData("\0"u8);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
