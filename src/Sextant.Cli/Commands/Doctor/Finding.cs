namespace Sextant.Cli.Commands.Doctor;

/// <summary>What a check found.</summary>
/// <param name="Check">The name of the check.</param>
/// <param name="Severity">Whether something has to be done.</param>
/// <param name="Message">What was found.</param>
/// <param name="Advice">What to do; <see langword="null"/> if nothing.</param>
internal sealed record Finding(string Check, Severity Severity, string Message, string? Advice = null)
{
    public static Finding Ok(string check, string message) => new(check, Severity.Ok, message);

    public static Finding Warning(string check, string message, string advice) => new(check, Severity.Warning, message, advice);

    public static Finding Problem(string check, string message, string advice) => new(check, Severity.Problem, message, advice);
}

/// <summary>How serious a finding is.</summary>
internal enum Severity
{
    Ok,
    Warning,
    Problem,
}
