namespace Sextant.Hosted.Http;

/// <summary>Carries the service's name for a request past SDKs that drop it: one note for each asynchronous flow.</summary>
internal sealed class RequestNotes
{
    private static readonly AsyncLocal<RequestNotes?> Current = new();

    /// <summary>The service's id of the request.</summary>
    public string? RequestId { get; private set; }

    /// <summary>Begins a note for the requests that this flow sends from here on.</summary>
    public static RequestNotes Begin() => Current.Value = new RequestNotes();

    /// <summary>Notes what an answer says of itself.</summary>
    public static void Note(HttpResponseMessage response)
    {
        if (Current.Value is { } notes)
        {
            notes.RequestId = ServiceAnswer.RequestId(response);
        }
    }
}
