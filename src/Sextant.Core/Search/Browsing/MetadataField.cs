using Sextant.Search.Filters;

namespace Sextant.Search.Browsing;

/// <summary>A field of the metadata.</summary>
/// <param name="Path">Its name, with those of the objects around it.</param>
/// <param name="IsArray">Whether a document has an array there.</param>
public sealed record MetadataField(FieldPath Path, bool IsArray);
