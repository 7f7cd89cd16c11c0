using Sextant.Index;
using Sextant.Search.Filters;
using Sextant.Search.Storage.Documents;

namespace Sextant.Search.Storage.Graph;

/// <summary>
/// Remembers which documents met the last filters, for as long as nothing changes: a user who pages or refines a question
/// asks with the same filter again. Thread-safe.
/// </summary>
internal sealed class FilterCache
{
    private const int Capacity = 32;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Filter, GraphSource Source, long Change, IdSet Keys)> _recent = new();

    public IdSet Get(FilterExpression asked, DocumentReader reader)
    {
        string filter = asked.ToString();
        // The number is read first: a set made a moment later may be newer than it says, never older.
        (long change, _) = reader.Changes();
        GraphSource source = reader.Source();
        lock (_lock)
        {
            for (
                LinkedListNode<(string Filter, GraphSource Source, long Change, IdSet Keys)>? node = _recent.First;
                node is not null;
                node = node.Next
            )
            {
                if (node.Value.Change != change || node.Value.Filter != filter || node.Value.Source != source)
                    continue;
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.Keys;
            }
        }

        IdSet keys = new(reader.Matching(asked));
        lock (_lock)
        {
            _recent.AddFirst((filter, source, change, keys));
            if (_recent.Count > Capacity)
                _recent.RemoveLast();
        }

        return keys;
    }
}
