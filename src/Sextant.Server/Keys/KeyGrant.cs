using Sextant.Server.Collections;

namespace Sextant.Server.Keys;

/// <summary>Rights on one collection, or on all whose names begin alike.</summary>
/// <param name="Collections">A name, or the beginning of names and an asterisk: <c>faq</c>, <c>docs-*</c>, <c>*</c>.</param>
/// <param name="Rights">The rights.</param>
public sealed record KeyGrant(string Collections, KeyRights Rights)
{
    private const string Form = "write collections=rights, for example faq=read or docs-*=read,write";

    private static readonly (string Name, KeyRights Right)[] Names =
    [
        ("read", KeyRights.Read),
        ("write", KeyRights.Write),
        ("manage", KeyRights.Manage),
        ("monitor", KeyRights.Monitor),
        ("all", KeyRights.All),
    ];

    /// <summary>The names of the rights.</summary>
    public IReadOnlyList<string> RightNames =>
        Rights == KeyRights.All
            ? ["all"]
            : [.. Names.Where(one => one.Right != KeyRights.All && Rights.HasFlag(one.Right)).Select(one => one.Name)];

    /// <summary>Reads a grant such as <c>faq=read</c> or <c>docs-*=read,write</c>.</summary>
    /// <exception cref="InputException">It is malformed.</exception>
    public static KeyGrant Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            throw new InputException($"'{text}' is not a grant; {Form}");
        string collections = text[..equals].Trim();
        string name = collections.EndsWith('*') ? $"{collections[..^1]}a" : collections;
        if (!CollectionName.IsValid(name))
            throw new InputException($"'{collections}' of the grant '{text}' is not the name of a collection; {Form}");
        KeyRights rights = KeyRights.None;
        foreach (string right in text[(equals + 1)..].Split(',', StringSplitOptions.TrimEntries))
        {
            (string Name, KeyRights Right) known = Names.FirstOrDefault(one => one.Name == right);
            rights |=
                known.Right != KeyRights.None
                    ? known.Right
                    : throw new InputException($"'{right}' of the grant '{text}' is not read, write, manage, monitor or all");
        }

        return new(collections, rights);
    }

    /// <summary>Whether the grant is for this collection.</summary>
    public bool Covers(string collection)
    {
        ArgumentNullException.ThrowIfNull(collection);
        return Collections.EndsWith('*')
            ? collection.AsSpan().StartsWith(Collections.AsSpan(0, Collections.Length - 1), StringComparison.Ordinal)
            : collection == Collections;
    }

    /// <summary>The grant as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => $"{Collections}={string.Join(',', RightNames)}";
}
