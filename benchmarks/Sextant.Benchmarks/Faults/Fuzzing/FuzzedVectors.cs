using Sextant.Index.Interchange;

namespace Sextant.Benchmarks.Faults.Fuzzing;

/// <summary>A file of vectors is refused by its name, or holds the same vectors when written and read again.</summary>
internal sealed class FuzzedVectors(string extension) : FaultKind($"vectors{extension}")
{
    private Mutator? _mutator;

    public override async Task<FaultOutcome> TryAsync(int seed)
    {
        string file = In("fuzzed" + extension),
            copy = In("copy" + extension);
        byte[] bytes = _mutator!.Mutate(seed);
        await File.WriteAllBytesAsync(file, bytes);
        VectorTable table;
        try
        {
            table = Read(file);
        }
        catch (InputException e)
        {
            return e.Message.StartsWith(file, StringComparison.Ordinal)
                ? FaultOutcome.Refused
                : FaultOutcome.Failed($"the error does not name the file: {e.Message}");
        }

        if (table.Count == 0)
            return FaultOutcome.Sound;
        Write(copy, table);
        VectorTable again = Read(copy);
        bool isSame = again.Dimensions == table.Dimensions && BitsOf(again).SequenceEqual(BitsOf(table));
        return isSame ? FaultOutcome.Sound : FaultOutcome.Failed($"written and read again it is another: {Convert.ToBase64String(bytes)}");
    }

    protected override Task PrepareAsync()
    {
        string file = In("sound" + extension);
        Write(file, new(3, new float[] { 1, 2, 3, -0.5f, 0, 1e-9f, 4, 5, 6 }));
        _mutator = new(
            [File.ReadAllBytes(file)],
            "'descr':",
            "'<f4'",
            "'<f8'",
            "'<f2'",
            "'>f4'",
            "'|O'",
            "'fortran_order':",
            "True",
            "False",
            "'shape':",
            "(3, 3)",
            "(9,)",
            "(9, 1)",
            "(0, 3)",
            "9223372036854775807",
            "4294967296",
            "NUMPY",
            "\u0003\0\0\0"
        );
        return Task.CompletedTask;
    }

    private static int[] BitsOf(VectorTable table) => Array.ConvertAll(table.Rows.ToArray(), BitConverter.SingleToInt32Bits);

    private VectorTable Read(string file) => extension == ".npy" ? NpyFile.Read(file) : FvecsFile.Read(file);

    private void Write(string file, VectorTable table)
    {
        if (extension == ".npy")
            NpyFile.Write(file, table);
        else
            FvecsFile.Write(file, table);
    }
}
