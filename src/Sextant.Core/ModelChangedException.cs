using System.Globalization;
using Sextant.Search.Storage;

namespace Sextant;

/// <summary>
/// The collection has been moved to another model since the vector of a query or a document was computed; vectors of two models do not
/// compare.
/// The engine embeds texts again, so only callers that pass vectors or read many documents see this.
/// </summary>
public sealed class ModelChangedException : SextantException
{
    /// <summary>Creates the exception for a vector of the model before.</summary>
    /// <param name="collection">The name of the collection.</param>
    /// <param name="manifest">Its manifest now.</param>
    public ModelChangedException(string collection, Manifest manifest)
        : base(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{collection} has been moved to {manifest?.Model.Name} ({manifest?.Dimensions} dimensions), whose vectors "
                    + $"are not comparable with others: give a vector of that model"
            )
        ) { }

    /// <summary>Creates the exception with a message that names the collection.</summary>
    public ModelChangedException(string message)
        : base(message) { }

    /// <summary>Creates the exception with a message that names the collection, and the cause.</summary>
    public ModelChangedException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>Creates the exception without a specific message.</summary>
    public ModelChangedException() { }

    /// <summary>Creates the exception for a reader of many documents, which would get vectors of two models.</summary>
    /// <param name="collection">The name of the collection.</param>
    public static ModelChangedException WhileReading(string collection) =>
        new($"{collection} was moved to another model while it was read; read it again");
}
