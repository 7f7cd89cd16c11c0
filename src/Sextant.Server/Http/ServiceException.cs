using System.Globalization;

namespace Sextant.Server.Http;

/// <summary>A request that is answered with an error of OpenAI's shape.</summary>
internal sealed class ServiceException(
    int status,
    string message,
    string? param = null,
    string? code = null,
    string type = "invalid_request_error"
) : Exception(message)
{
    public int Status => status;

    public string Type => type;

    public string? Param => param;

    public string? Code => code;

    public static ServiceException BadRequest(string message, string? param = null, string? code = null) => new(400, message, param, code);

    public static ServiceException NoCollection(string name) =>
        new(404, $"There is no collection '{name}'; create it with PUT /v1/collections/{name}.", "name", "collection_not_found");

    public static ServiceException Removed(string name) =>
        new(404, $"The files of the collection '{name}' were deleted.", "name", "collection_not_found");

    public static ServiceException ReadOnly() => new(403, "The service is read-only.", null, "read_only", "permission_error");

    public static ServiceException NoDocument(string id) => new(404, $"No document '{id}'.", "id", "document_not_found");

    public static ServiceException NoModel(string name, string param = "model") =>
        new(404, $"The model `{name}` does not exist or you do not have access to it.", param, "model_not_found");

    public static ServiceException TooLarge(string what, long limit, string param) =>
        new(
            400,
            string.Create(CultureInfo.InvariantCulture, $"{what}: the limit is {limit} per request; send several requests."),
            param,
            "batch_too_large"
        );
}
