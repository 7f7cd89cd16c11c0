namespace Sextant.Benchmarks.Faults;

/// <summary>The outcome of one input.</summary>
/// <param name="Wrong">The problem; <see langword="null"/> if the outcome is allowed.</param>
/// <param name="IsRefused">Whether the input was rejected with a clear error.</param>
internal readonly record struct FaultOutcome(string? Wrong, bool IsRefused)
{
    /// <summary>The right answer.</summary>
    public static FaultOutcome Sound => default;

    /// <summary>One clear error.</summary>
    public static FaultOutcome Refused => new(null, true);

    /// <summary>A wrong answer.</summary>
    public static FaultOutcome Failed(string what) => new(what, false);
}
