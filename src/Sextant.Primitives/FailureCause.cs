namespace Sextant;

/// <summary>Why an operation failed, as far as it decides whether a retry can help.</summary>
public enum FailureCause
{
    /// <summary>Not known, or something that may have passed by the next attempt.</summary>
    Temporary = 0,

    /// <summary>It fails again until the configuration, the permissions or the software change.</summary>
    Permanent = 1,

    /// <summary>No space is left to write to.</summary>
    StorageFull = 2,

    /// <summary>The storage can be read but not written.</summary>
    ReadOnly = 3,
}
