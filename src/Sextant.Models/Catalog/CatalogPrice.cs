namespace Sextant.Models.Catalog;

/// <summary>A list price on a day. Providers change prices; compare with their page before spending much.</summary>
/// <param name="UsdPerMillionTokens">US dollars for a million tokens of input.</param>
/// <param name="AsOf">The day for which the price is known.</param>
public sealed record CatalogPrice(decimal UsdPerMillionTokens, DateOnly AsOf);
