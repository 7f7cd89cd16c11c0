using System.Globalization;
using Sextant.Models.Safetensors;
using Sextant.Training.Encoders;

namespace Sextant.Training.Runs;

/// <summary>
/// Keeps a run on disk: the rows, the optimiser's moments and the step, in one safetensors file that replaces the one before
/// only when it is complete. It names the settings and the data it belongs to, so that it is never continued with others.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="fingerprint">Of everything that decides the result.</param>
/// <param name="everySteps">How many steps may be lost.</param>
internal sealed class TrainingCheckpoint(string path, string fingerprint, int everySteps)
{
    public string Path => path;

    public void AfterStep(StaticEncoder encoder)
    {
        if (encoder.Steps % everySteps == 0)
        {
            Save(encoder);
        }
    }

    public void Save(StaticEncoder encoder)
    {
        var file = new SafetensorsWriter();
        long[] shape = [encoder.Table.Length / encoder.Dimensions, encoder.Dimensions];
        file.Add("rows", shape, encoder.Table);
        file.Add("first_moments", shape, encoder.Adam.FirstMoments);
        file.Add("second_moments", shape, encoder.Adam.SecondMoments);
        file.AddMetadata("step", encoder.Steps.ToString(CultureInfo.InvariantCulture));
        file.AddMetadata("fingerprint", fingerprint);
        file.Save(path);
    }

    /// <summary>Puts the encoder where the file left off.</summary>
    /// <returns>Whether there was a file.</returns>
    /// <exception cref="InputException">The file is damaged, or of a run with other settings or data.</exception>
    public bool TryRestore(StaticEncoder encoder)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (file.Metadata.GetValueOrDefault("fingerprint") != fingerprint)
        {
            throw new InputException($"{path}: belongs to a run with other settings or other data; remove it, or give the settings of then");
        }

        if (!long.TryParse(file.Metadata.GetValueOrDefault("step"), CultureInfo.InvariantCulture, out long steps) || steps < 0)
        {
            throw new InputException($"{path}: names no step; remove it to begin again");
        }

        Copy(file, "rows", encoder.Table);
        Copy(file, "first_moments", encoder.Adam.FirstMoments);
        Copy(file, "second_moments", encoder.Adam.SecondMoments);
        encoder.Steps = steps;
        return true;
    }

    /// <summary>Removes the file, once the result is written.</summary>
    public void Delete() => File.Delete(path);

    private void Copy(SafetensorsFile file, string name, float[] target)
    {
        float[] values = file.ReadSingles(name);
        if (values.Length != target.Length)
        {
            throw new InputException($"{path}: '{name}' holds {values.Length} values, expected {target.Length}; remove it to begin again");
        }

        values.CopyTo(target, 0);
    }
}
