namespace Sextant.Hosted.Services;

/// <summary>One service's way to ask for the relevance of documents. Failures come as <see cref="Http.ServiceException"/>.</summary>
internal interface IRerankService
{
    /// <summary>Sends one request.</summary>
    /// <param name="query">Not empty.</param>
    /// <param name="documents">At least one document, none of them empty.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>A score for each document, in order, and what the service says that it charges.</returns>
    Task<ServiceScores> ScoreAsync(string query, IReadOnlyList<string> documents, CancellationToken cancellationToken);
}

/// <summary>The result of one request.</summary>
/// <param name="Scores">In the order of the documents.</param>
/// <param name="Tokens">As the service counted them.</param>
/// <param name="Searches">The search units that the service charges, where it charges by them.</param>
internal sealed record ServiceScores(IReadOnlyList<float> Scores, long? Tokens = null, long? Searches = null);
