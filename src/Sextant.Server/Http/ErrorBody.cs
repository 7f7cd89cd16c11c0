namespace Sextant.Server.Http;

/// <summary>An error as OpenAI's clients read it.</summary>
internal sealed record ErrorBody(ErrorDetail Error);

/// <summary>What went wrong; all four are always written.</summary>
/// <param name="Message">For a person.</param>
/// <param name="Type">The kind of error.</param>
/// <param name="Param">The part of the request that is to blame.</param>
/// <param name="Code">For a program.</param>
internal sealed record ErrorDetail(string Message, string Type, string? Param, string? Code);
