using System.Text.Json.Serialization;

namespace Sextant.Client;

/// <summary>Information about a collection.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Model">The model that its vectors come from.</param>
/// <param name="Dimensions">How long its vectors are.</param>
/// <param name="Documents">How many there are.</param>
/// <param name="DocumentsBytes">The size of the documents on disk.</param>
/// <param name="IndexBytes">The size of the index on disk.</param>
public sealed record CollectionDescription(string Name, string Model, int Dimensions, long Documents, long DocumentsBytes, long IndexBytes)
{
    [JsonInclude]
    [JsonPropertyName("created")]
    internal long CreatedMilliseconds { get; init; }

    /// <summary>When it was made.</summary>
    [JsonIgnore]
    public DateTimeOffset Created => DateTimeOffset.FromUnixTimeMilliseconds(CreatedMilliseconds);
}

/// <summary>The result of checking a collection.</summary>
/// <param name="Documents">How many there are.</param>
/// <param name="Problems">Descriptions of the problems; empty if the collection is intact.</param>
/// <param name="Recall">
/// The fraction of the ten nearest neighbors that a search finds, from 0 to 1; <see langword="null"/> for an empty collection.
/// </param>
public sealed record CollectionCheck(long Documents, IReadOnlyList<string> Problems, double? Recall);
