namespace Sextant.Server.Keys;

/// <summary>What an API key may do with the collections of a grant. Each right stands alone: writing does not include reading.</summary>
[Flags]
public enum KeyRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Search, read, export and verify.</summary>
    Read = 1,

    /// <summary>Add, replace and delete documents.</summary>
    Write = 2,

    /// <summary>Create and delete collections.</summary>
    Manage = 4,

    /// <summary>Read metrics, and the usage of all keys.</summary>
    Monitor = 8,

    /// <summary>Everything.</summary>
    All = Read | Write | Manage | Monitor,
}
