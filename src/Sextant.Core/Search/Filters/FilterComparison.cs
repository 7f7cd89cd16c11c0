namespace Sextant.Search.Filters;

/// <summary>How a field is compared with a value. "Different" is a <see cref="NotFilter"/> around <see cref="Equal"/>.</summary>
public enum FilterComparison
{
    /// <summary><c>=</c></summary>
    Equal = 0,

    /// <summary><c>&lt;</c></summary>
    Less = 1,

    /// <summary><c>&lt;=</c></summary>
    LessOrEqual = 2,

    /// <summary><c>></c></summary>
    Greater = 3,

    /// <summary><c>>=</c></summary>
    GreaterOrEqual = 4,
}
