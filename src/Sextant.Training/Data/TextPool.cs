namespace Sextant.Training.Data;

/// <summary>Every text of the training data once, so that equal texts have equal numbers and are tokenized once.</summary>
internal sealed class TextPool
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    public IReadOnlyList<string> Texts => _texts;

    public int Add(string text)
    {
        if (!_ids.TryGetValue(text, out int id))
        {
            _ids.Add(text, id = _texts.Count);
            _texts.Add(text);
        }

        return id;
    }
}
