using Sextant.Search.Storage.Documents;

namespace Sextant.Search.Storage.Graph;

/// <summary>
/// Remembers what the last filters and facets came to, for as long as nothing changes: a user who pages or refines a question
/// asks with the same filter again. Thread-safe.
/// </summary>
internal sealed class RecentAnswers<T>
{
    private const int Capacity = 32;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Question, GraphSource Source, long Change, T Answer)> _recent = new();

    /// <param name="question">All that the answer depends on, but for the state of the collection.</param>
    /// <param name="reader">Reads that state.</param>
    /// <param name="answer">Finds the answer that is not remembered.</param>
    public T Get(string question, DocumentReader reader, Func<DocumentReader, T> answer)
    {
        // The number is read first: an answer made a moment later may be newer than it says, never older.
        (long change, _) = reader.Changes();
        GraphSource source = reader.Source();
        lock (_lock)
        {
            for (
                LinkedListNode<(string Question, GraphSource Source, long Change, T Answer)>? node = _recent.First;
                node is not null;
                node = node.Next
            )
            {
                if (node.Value.Change != change || node.Value.Question != question || node.Value.Source != source)
                    continue;
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.Answer;
            }
        }

        T found = answer(reader);
        lock (_lock)
        {
            _recent.AddFirst((question, source, change, found));
            if (_recent.Count > Capacity)
                _recent.RemoveLast();
        }

        return found;
    }
}
