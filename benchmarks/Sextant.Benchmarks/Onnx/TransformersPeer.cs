using System.Text.Json;
using System.Text.Json.Nodes;
using Sextant.Benchmarks.Ann;

namespace Sextant.Benchmarks.Onnx;

/// <summary>@huggingface/transformers in a separate process (benchmarks/peers/transformers_peer.mjs), if installed.</summary>
internal sealed class TransformersPeer : IDisposable
{
    private readonly Contender _contender;
    private readonly string _file;

    private TransformersPeer(Contender contender, string file) => (_contender, _file) = (contender, file);

    public string Name => _contender.Name;

    public static TransformersPeer? Start(string folder, string[] texts)
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, JsonSerializer.Serialize(texts));
        string script = Path.Combine(Contenders.PeersFolder(), "transformers_peer.mjs");
        if (Contender.Start("@huggingface/transformers", new("node", [script, folder, file]), isOurs: false) is { } contender)
        {
            return new(contender, file);
        }

        File.Delete(file);
        return null;
    }

    /// <summary>The seconds that all texts took, and the vector of the first.</summary>
    public (double Seconds, float[] First) Run(int batch, bool sorted)
    {
        JsonObject answer = _contender.Ask(JsonSerializer.Serialize(new { batch, sorted }));
        return ((double)answer["seconds"]!, answer["first"].Deserialize<float[]>()!);
    }

    public void Dispose()
    {
        _contender.Dispose();
        File.Delete(_file);
    }
}
