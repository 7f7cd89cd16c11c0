namespace Sextant;

/// <summary>Why something failed, as far as it decides whether trying again can help.</summary>
internal enum FailureCause
{
    /// <summary>Not known, or something that may have passed by the next attempt.</summary>
    Temporary,

    /// <summary>It fails in the same way until somebody changes the configuration, the rights or the software.</summary>
    Permanent,

    /// <summary>There is no space left to write to.</summary>
    StorageFull,

    /// <summary>The place can be read but not written.</summary>
    ReadOnly,
}
