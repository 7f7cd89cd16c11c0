namespace Sextant.Search;

/// <summary>
/// The collection has been moved to another model since the vector of a query or document was made, and vectors of two models do not compare.
/// The engine embeds texts again; only who brought a vector gets to see this.
/// </summary>
internal sealed class ModelMovedException : SextantException
{
    public ModelMovedException(string collection, Storage.Manifest manifest) : base(string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{collection} has been moved to {manifest.Model.Name} ({manifest.Dimensions} dimensions) meanwhile, with whose vectors others do not compare: give a vector of that model"))
    {
    }

    private ModelMovedException(string message) : base(message) { }

    /// <summary>A reader of many documents has vectors of the model before and would now get those of another.</summary>
    public static ModelMovedException WhileReading(string collection) => new($"{collection} was moved to another model while it was read; read it again");
}
