namespace Sextant.Embedding;

/// <summary>
/// What a hosted model costs. A generator that sends texts to a service offers it through <c>GetService(typeof(ModelPrice))</c>;
/// a model that offers none runs here and costs nothing.
/// </summary>
/// <param name="UsdPerMillionTokens">US dollars for a million tokens, or <see langword="null"/> when no price is known.</param>
public sealed record ModelPrice(decimal? UsdPerMillionTokens);
