using static TorchSharp.torch;

namespace Sextant.Training.Torch.Encoders;

/// <summary>
/// The state between the two halves of a step: the texts, their slices, and the rows of the word embeddings that they use.
/// </summary>
internal sealed class StepState(int[][] tokens, List<TextSlice> slices, long seed) : IDisposable
{
    public List<TextSlice> Slices => slices;

    /// <summary>Where the seeds of dropout begin.</summary>
    public long Seed => seed;

    /// <summary>The texts' ids as rows of <see cref="Words"/>.</summary>
    public int[][] Local { get; private set; } = tokens;

    /// <summary>The rows of the table that this step uses; a leaf of the graph, so that the gradient covers only these rows.</summary>
    public Tensor? Words { get; private set; }

    /// <summary>Which rows those are.</summary>
    public Tensor? Rows { get; private set; }

    /// <summary>The embeddings of every slice with their graph, when all of them fit; otherwise empty.</summary>
    public List<Tensor> Kept { get; } = [];

    /// <summary>Copies the used rows out of the table if it is trained; otherwise uses the whole table.</summary>
    public Tensor UseWords(Tensor table, bool learns, Device device)
    {
        if (!learns)
        {
            Rows = zeros(0, ScalarType.Int64, device);
            Words = table.alias();
            return Words;
        }

        // In ascending order, with 0 among them, which stands for padding.
        int[] used = [.. Local.SelectMany(static text => text).Append(0).Distinct().Order()];
        Dictionary<int, int> places = used.Index().ToDictionary(static id => id.Item, static id => id.Index);
        Local = Array.ConvertAll(Local, text => Array.ConvertAll(text, id => places[id]));
        Rows = tensor(Array.ConvertAll(used, static id => (long)id), device: device);
        using IDisposable nothing = no_grad();
        Words = table.index_select(0, Rows);
        Words.requires_grad = true;
        return Words;
    }

    public void Dispose()
    {
        Kept.ForEach(static embeddings => embeddings.Dispose());
        Words?.Dispose();
        Rows?.Dispose();
    }
}
