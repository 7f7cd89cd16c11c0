using Sextant.Search.Storage;

namespace Sextant;

/// <summary>When vectors may not be replaced, and what to do about it.</summary>
internal static class ReplacementRefusal
{
    /// <exception cref="InputException">
    /// Vectors of <paramref name="next"/> cannot replace the current ones, or another replacement is unfinished or kept.
    /// </exception>
    public static void Check(string collection, Manifest next, Manifest current, Manifest? unfinished, Manifest? previous)
    {
        if (next.Fingerprint == current.Fingerprint)
        {
            throw new InputException(
                $"{collection} is made with {current.Model.Name} ({current.Fingerprint}) already; choose another model or number of "
                    + $"dimensions"
            )
            {
                RelatedOptions = [nameof(SemanticSearchEngineOptions.Model), nameof(Embedding.EmbeddingPipelineOptions.Dimensions)],
            };
        }

        if (unfinished is not null && unfinished.Fingerprint != next.Fingerprint)
            throw Unfinished(collection, unfinished);
        if (unfinished is not null || previous is null)
            return;
        var rollBack = new Remedy(RemedyAction.RollBackModel, collection);
        throw previous.Fingerprint == next.Fingerprint
            ? new InputException($"{collection} was made with {next.Model.Name} before and still has those vectors: go back to them")
            {
                Remedies = [rollBack],
            }
            : new InputException(
                $"{collection} still keeps the vectors of {previous.Model.Name} for going back: first drop them, or go back"
            )
            {
                Remedies = [new Remedy(RemedyAction.DropPreviousModel, collection), rollBack],
            };
    }

    public static InputException Unfinished(string collection, Manifest unfinished) =>
        new(
            $"{collection} is on its way to {unfinished.Model.Name} ({unfinished.Fingerprint}): finish that with the model "
                + $"{unfinished.Model.Name}, or give it up"
        )
        {
            RelatedOptions = [nameof(SemanticSearchEngineOptions.Model)],
            Remedies = [new Remedy(RemedyAction.AbandonReembedding, collection)],
        };

    public static InputException Nothing(string collection, VectorRole role) =>
        new(
            role == VectorRole.Next
                ? $"{collection} is not on its way to another model, so there is nothing to give up"
                : $"{collection} has no vectors of a previous model"
        );
}
