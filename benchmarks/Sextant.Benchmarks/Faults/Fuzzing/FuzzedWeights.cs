using Sextant.Models.Safetensors;

namespace Sextant.Benchmarks.Faults.Fuzzing;

/// <summary>
/// A safetensors file is rejected with an error that names it, or every tensor is inside it and is readable or rejected for its type.
/// </summary>
internal sealed class FuzzedWeights() : FaultKind("safetensors")
{
    private const string File = "model.safetensors";
    private const int Prefix = sizeof(ulong),
        WholeEvery = 8;

    private Mutator? _whole,
        _headers;
    private byte[] _data = [];

    public override Task<FaultOutcome> TryAsync(int seed) =>
        Task.FromResult(Try(seed % WholeEvery == 0 ? _whole!.Mutate(seed) : WithHeader(_headers!.Mutate(seed))));

    private static FaultOutcome Try(byte[] bytes)
    {
        using SafetensorsFile file = SafetensorsFile.Open(new MemoryStream(bytes), File);
        long total = 0;
        foreach ((string name, SafetensorsTensor tensor) in file.Tensors)
        {
            total += tensor.ByteLength;
            if (tensor.Offset < 0 || tensor.ByteLength < 0 || tensor.Offset + tensor.ByteLength > bytes.Length)
                return Failed($"'{name}' lies outside of the file");
            if (
                tensor.Type is SafetensorsType.F32 or SafetensorsType.F16 or SafetensorsType.BF16 or SafetensorsType.F64
                && file.ReadSingles(name).Length != tensor.Count
            )
            {
                return Failed($"'{name}' has another number of values");
            }

            file.ReadBytes(tensor, new byte[tensor.ByteLength]);
        }

        return total > bytes.Length ? Failed("tensors share bytes") : FaultOutcome.Sound;

        FaultOutcome Failed(string what) => FaultOutcome.Failed($"{what}: {Convert.ToBase64String(bytes)}");
    }

    protected override Task PrepareAsync()
    {
        SafetensorsWriter writer = new();
        writer.AddMetadata("format", "pt");
        writer.Add("embeddings", [4, 2], new float[8]);
        writer.Add("halves", [3], new float[3], SafetensorsType.F16);
        writer.Add("mapping", [2], new long[2]);
        writer.Add("bytes", [2, 2], new sbyte[4]);
        writer.Save(In(File));
        byte[] bytes = System.IO.File.ReadAllBytes(In(File));
        int end = Prefix + BitConverter.ToInt32(bytes);
        _data = bytes[end..];
        _whole = new([bytes]);
        _headers = new(
            [bytes[Prefix..end]],
            "\"F32\"",
            "\"F16\"",
            "\"I64\"",
            "\"BOOL\"",
            "\"dtype\":",
            "\"shape\":",
            "\"data_offsets\":",
            "[0,32]",
            "[32,0]",
            "[-1,8]",
            "__metadata__",
            "9223372036854775807",
            "4294967296"
        );
        return Task.CompletedTask;
    }

    // With a length and data that fit, or few would come further than those.
    private byte[] WithHeader(byte[] header) => [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. _data];
}
