using System.Text.Json;

namespace Sextant.Models.Hub;

/// <summary>One file of a repository as its listing has it.</summary>
/// <param name="Path">A relative path with forward slashes.</param>
/// <param name="Size">Its length, where the listing says.</param>
/// <param name="Sha256">The hash of a large file; <see langword="null"/> for small ones.</param>
internal sealed record HubFile(string Path, long? Size, string? Sha256);

/// <summary>The files of a repository at one commit.</summary>
/// <param name="Commit">40 hexadecimal digits.</param>
/// <param name="Files">All its files.</param>
internal sealed record HubListing(string Commit, IReadOnlyList<HubFile> Files)
{
    /// <summary>Parses the hub's response to <c>/api/models/ORG/NAME/revision/REVISION?blobs=true</c>.</summary>
    /// <exception cref="SextantException">It is not such a response, or lists a file outside its folder.</exception>
    public static HubListing Parse(byte[] json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            string? commit = root.StringOrNull("sha");
            if (
                !HubModelName.IsCommitHash(commit)
                || !root.TryGetProperty("siblings", out JsonElement siblings)
                || siblings.ValueKind != JsonValueKind.Array
            )
            {
                throw NoListing(name, null);
            }

            return new HubListing(commit, [.. siblings.EnumerateArray().Select(file => ReadFile(file, name))]);
        }
        catch (JsonException e)
        {
            throw NoListing(name, e);
        }
    }

    /// <summary>The file at <paramref name="path"/>, if there is one.</summary>
    public HubFile? Find(string path) => Files.FirstOrDefault(f => f.Path == path);

    private static HubFile ReadFile(JsonElement file, string name)
    {
        string path = file.StringOrNull("rfilename") ?? throw NoListing(name, null);
        if (!IsSafe(path))
        {
            throw new SextantException($"{name} lists the file '{OneLine(path)}', which is outside its folder; nothing was written");
        }

        JsonElement? lfs = file.TryGetProperty("lfs", out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value : null;
        return new HubFile(path, Number(file, "size") ?? (lfs is { } l ? Number(l, "size") : null), lfs?.StringOrNull("sha256"));
    }

    /// <summary>Whether an untrusted name stays inside its folder on every system.</summary>
    private static bool IsSafe(string path) =>
        path.Length is > 0 and < 1024
        && !path.Any(c => c is '\\' or ':' || char.IsControl(c))
        && path.Split('/').All(segment => segment is not ("" or "." or ".."));

    private static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out long number)
        && number >= 0
            ? number
            : null;

    private static string OneLine(string text) => new([.. text.Take(100).Select(c => char.IsControl(c) ? '?' : c)]);

    private static SextantException NoListing(string name, Exception? cause) =>
        new($"{name}: the hub sent a response that is not a list of files; check HF_ENDPOINT", cause);
}
