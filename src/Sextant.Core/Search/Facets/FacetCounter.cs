using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Sextant.Search.Filters;

namespace Sextant.Search.Facets;

/// <summary>
/// Counts the values of fields over the metadata of documents, each value once per document. Reads the stored JSON, without
/// building objects of it.
/// </summary>
internal sealed class FacetCounter
{
    private const int LongestOnStack = 256;

    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 256 };

    private readonly IReadOnlyList<FieldPath> _fields;
    private readonly Counts[] _counts;
    private readonly Node _root = new();
    private long _document;

    public FacetCounter(IReadOnlyList<FieldPath> fields)
    {
        _fields = fields;
        _counts = [.. fields.Select(static _ => new Counts())];
        for (int i = 0; i < fields.Count; i++)
        {
            Node node = _root;
            foreach (string name in fields[i].Names)
                node = node.GetOrAdd(name);
            node.Counts.Add(_counts[i]);
        }
    }

    /// <summary>Counts the values of another document.</summary>
    /// <param name="metadata">A JSON object.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public void Add(ReadOnlySpan<byte> metadata)
    {
        _document++;
        Utf8JsonReader reader = new(metadata, Deep);
        if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            ReadObject(ref reader, _root);
    }

    /// <inheritdoc cref="Add(ReadOnlySpan{byte})"/>
    public void Add(string metadata) => Add(Encoding.UTF8.GetBytes(metadata));

    /// <summary>The most frequent values of each field.</summary>
    public IReadOnlyList<Facet> Read(int limit) => [.. _fields.Select((field, i) => _counts[i].Read(field, limit))];

    private void ReadObject(ref Utf8JsonReader reader, Node node)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Node? child = node.Find(ref reader);
            reader.Read();
            if (child is null)
            {
                reader.Skip();
                continue;
            }

            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    ReadObject(ref reader, child);
                    break;
                case JsonTokenType.StartArray:
                    ReadArray(ref reader, child);
                    break;
                default:
                    Count(ref reader, child);
                    break;
            }
        }
    }

    private void ReadArray(ref Utf8JsonReader reader, Node node)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                reader.Skip();
            else
                Count(ref reader, node);
        }
    }

    private void Count(ref Utf8JsonReader reader, Node node)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String when node.Counts.Count > 0:
                Span<char> text =
                    reader.ValueSpan.Length <= LongestOnStack ? stackalloc char[LongestOnStack] : new char[reader.ValueSpan.Length];
                text = text[..reader.CopyString(text)];
                foreach (Counts counts in node.Counts)
                    counts.AddText(text, _document);
                break;
            case JsonTokenType.Number when reader.TryGetInt64(out long whole):
                Count(FilterValue.Number(whole), node);
                break;
            case JsonTokenType.Number when FilterNumber.Parse(Encoding.UTF8.GetString(reader.ValueSpan)).ToValue() is { } number:
                Count(number, node);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                Count(FilterValue.Boolean(reader.GetBoolean()), node);
                break;
        }
    }

    private void Count(FilterValue value, Node node)
    {
        foreach (Counts counts in node.Counts)
            counts.Add(value, _document);
    }

    /// <summary>A name on the way to a field.</summary>
    private sealed class Node
    {
        private readonly List<(byte[] Name, Node Node)> _children = [];

        public List<Counts> Counts { get; } = [];

        public Node GetOrAdd(string name)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name);
            int at = _children.FindIndex(child => child.Name.AsSpan().SequenceEqual(bytes));
            if (at >= 0)
                return _children[at].Node;
            _children.Add((bytes, new()));
            return _children[^1].Node;
        }

        public Node? Find(ref Utf8JsonReader reader)
        {
            foreach ((byte[] name, Node node) in _children)
            {
                if (reader.ValueTextEquals(name))
                    return node;
            }

            return null;
        }
    }

    /// <summary>The values of a field with their counts, and the last document that had them.</summary>
    private sealed class Counts
    {
        private readonly Dictionary<string, (long Count, long Last)> _texts = new(StringComparer.Ordinal);
        private readonly Dictionary<FilterValue, (long Count, long Last)> _others = [];

        public void AddText(ReadOnlySpan<char> text, long document) =>
            Add(ref CollectionsMarshal.GetValueRefOrAddDefault(_texts.GetAlternateLookup<ReadOnlySpan<char>>(), text, out _), document);

        public void Add(FilterValue value, long document) =>
            Add(ref CollectionsMarshal.GetValueRefOrAddDefault(_others, value, out _), document);

        public Facet Read(FieldPath field, int limit)
        {
            PriorityQueue<FacetValue, FacetValue> least = new(Comparer<FacetValue>.Create(static (a, b) => Order(b, a)));
            foreach ((string text, (long count, _)) in _texts)
                Offer(new(FilterValue.Text(text), count));
            foreach ((FilterValue value, (long count, _)) in _others)
                Offer(new(value, count));
            FacetValue[] values = new FacetValue[least.Count];
            for (int i = values.Length - 1; i >= 0; i--)
                values[i] = least.Dequeue();
            return new(field, values, _texts.Count + _others.Count);

            void Offer(FacetValue value)
            {
                if (least.Count < limit)
                    least.Enqueue(value, value);
                else if (limit > 0)
                    least.EnqueueDequeue(value, value);
            }
        }

        private static void Add(ref (long Count, long Last) entry, long document)
        {
            if (entry.Last != document)
                entry = (entry.Count + 1, document);
        }

        private static int Order(FacetValue a, FacetValue b) =>
            a.Count != b.Count ? b.Count.CompareTo(a.Count) : FieldValues.Compare(a.Value, b.Value);
    }
}
