namespace Sextant.Search;

/// <summary>
/// The collection has been moved to another model since the vector of a query or document was made, and vectors of two models do not compare.
/// The engine embeds texts again; only who brought a vector gets to see this.
/// </summary>
internal sealed class ModelMovedException(string collection, Storage.Manifest manifest) : SextantException(string.Create(
    System.Globalization.CultureInfo.InvariantCulture,
    $"{collection} has been moved to {manifest.Model.Name} ({manifest.Dimensions} dimensions) meanwhile, with whose vectors others do not compare: give a vector of that model"));
