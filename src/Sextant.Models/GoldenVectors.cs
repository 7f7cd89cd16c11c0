using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sextant.Embedding;

namespace Sextant.Models;

/// <summary>
/// Golden vectors of a model: texts with the vectors that it must return for them, in the file <c>golden.jsonl</c> of its folder. Wrong
/// pooling, a lost end token or another tokenizer return vectors that look as good as the right ones and find nothing.
/// </summary>
public static class GoldenVectors
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "golden.jsonl";

    // Texts that a wrong pooling, prompt, normalization of text or limit changes the vectors of.
    private static readonly (string Text, EmbeddingRole Role)[] Probes =
    [
        ("How do refunds work?", EmbeddingRole.Query),
        ("How do refunds work?", EmbeddingRole.Document),
        ("The doctor sees the patient on Monday, and the nurse calls her on Tuesday.", EmbeddingRole.Document),
        ("Die Straße ist wegen Überflutung gesperrt.", EmbeddingRole.Document),
        ("a", EmbeddingRole.Document),
    ];

    // Less than what the arithmetic of two machines differs by, and more than any comparison needs.
    private const int Digits = 5;

    // A model must not become slow to open, nor its folder a place to store vectors.
    private const int MaxLines = 64,
        MaxBytes = 4 << 20;

    // Quantized weights and other machines' arithmetic stay well above this value; any fault in the list above falls far below.
    private const float MinCosine = 0.99f;

    /// <summary>Checks that a model returns its golden vectors, to a cosine of 0.99. A folder without the file passes.</summary>
    /// <param name="files">The model's folder.</param>
    /// <param name="model">The model, without the pipeline that puts prompts before texts; it offers a <see cref="ModelProfile"/>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="InputException">The file is damaged, or the model returns other vectors.</exception>
    public static async Task VerifyAsync(
        ModelFiles files,
        IEmbeddingGenerator<string, Embedding<float>> model,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(model);
        using (Stream? stream = files.TryOpen(FileName))
        {
            if (stream is null)
            {
                return;
            }

            if (stream.Length > MaxBytes)
            {
                throw new InputException($"{files.Locate(FileName)}: {stream.Length} bytes exceed the size limit of this file");
            }
        }

        Golden[] golden = [.. Read(files)];
        ModelProfile profile = model.GetService<ModelProfile>()!;
        foreach (IGrouping<EmbeddingRole, Golden> group in golden.GroupBy(static line => line.Role))
        {
            GeneratedEmbeddings<Embedding<float>> vectors = await model
                .GenerateAsync(
                    group.Select(line => profile.PromptFor(line.Role) + line.Text),
                    new EmbeddingGenerationOptions().WithRole(group.Key),
                    cancellationToken
                )
                .ConfigureAwait(false);
            foreach ((Golden line, Embedding<float> vector) in group.Zip(vectors))
            {
                Compare(line, vector.Vector.Span);
            }
        }
    }

    /// <summary>
    /// Computes the contents of the file for a model: its vectors of a few texts, rounded so that they are the same on every machine.
    /// </summary>
    /// <param name="model">The model, without the pipeline that puts prompts before texts; it offers a <see cref="ModelProfile"/>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<byte[]> ComputeAsync(
        IEmbeddingGenerator<string, Embedding<float>> model,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelProfile profile = model.GetService<ModelProfile>()!;
        using var file = new MemoryStream();
        foreach ((string text, EmbeddingRole role) in Probes)
        {
            GeneratedEmbeddings<Embedding<float>> vectors = await model
                .GenerateAsync([profile.PromptFor(role) + text], new EmbeddingGenerationOptions().WithRole(role), cancellationToken)
                .ConfigureAwait(false);
            using (var json = new Utf8JsonWriter(file, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                json.WriteStartObject();
                json.WriteString("text", text);
                json.WriteString("role", role == EmbeddingRole.Query ? "query" : "document");
                json.WriteStartArray("embedding");
                foreach (float value in vectors[0].Vector.Span)
                {
                    json.WriteNumberValue(Math.Round((decimal)value, Digits));
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            file.WriteByte((byte)'\n');
        }

        return file.ToArray();
    }

    private static void Compare(Golden line, ReadOnlySpan<float> vector)
    {
        if (vector.Length != line.Embedding.Length)
        {
            throw new InputException(
                $"{line.Place}: the model returns {vector.Length} dimensions, expected {line.Embedding.Length}; "
                    + "its pooling or its modules changed after it was saved"
            );
        }

        bool bothZero = vector.IndexOfAnyExcept(0f) < 0 && line.Embedding.AsSpan().IndexOfAnyExcept(0f) < 0;
        float cosine = bothZero ? 1 : TensorPrimitives.CosineSimilarity(vector, line.Embedding);
        // Not-a-number is not enough either.
        if (!(cosine >= MinCosine))
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{line.Place}: the model does not return the expected vector (cosine {cosine:0.000}, expected at least {MinCosine}); "
                        + $"its pooling, prompts, tokenizer or weights changed after it was saved"
                )
            );
        }
    }

    private static IEnumerable<Golden> Read(ModelFiles files)
    {
        using var reader = new StreamReader(new MemoryStream(files.TryReadAll(FileName)!));
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            string place = string.Create(CultureInfo.InvariantCulture, $"{files.Locate(FileName)}:{number}");
            yield return number <= MaxLines ? Parse(line, place) : throw new InputException($"{place}: more than {MaxLines} lines");
        }
    }

    private static Golden Parse(string line, string place)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            EmbeddingRole role = root.StringOrNull("role") switch
            {
                null or "document" => EmbeddingRole.Document,
                "query" => EmbeddingRole.Query,
                var other => throw new FormatException($"the role '{other}' is not query or document"),
            };
            string text = root.StringOrNull("text") ?? throw new FormatException("it has no \"text\"");
            return new Golden(
                place,
                text,
                role,
                [.. root.GetProperty("embedding").EnumerateArray().Select(static value => value.GetSingle())]
            );
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InputException(
                $"{place}: expected a text and its vector ({e.Message}); expected {{\"text\": …, \"embedding\": [ … ]}}",
                e
            );
        }
    }

    private sealed record Golden(string Place, string Text, EmbeddingRole Role, float[] Embedding);
}
