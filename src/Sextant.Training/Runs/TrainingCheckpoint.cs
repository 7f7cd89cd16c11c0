using System.Globalization;
using Sextant.Models.Safetensors;

namespace Sextant.Training.Runs;

/// <summary>
/// Saves a run on disk: the weights, the optimizer state, the step and the history, in one safetensors file that replaces the previous one
/// only when it is complete. It records the settings and the data of the run, so that it is never resumed with different ones.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="fingerprint">The fingerprint of everything that determines the result.</param>
/// <param name="everySteps">The number of steps between checkpoints.</param>
internal sealed class TrainingCheckpoint(string path, string fingerprint, int everySteps)
{
    public string Path => path;

    public void AfterStep(ITrainedEncoder encoder, TrainingHistory history)
    {
        if (encoder.Steps % everySteps == 0)
        {
            Save(encoder, history);
        }
    }

    /// <exception cref="SextantException">The file cannot be written; the previous one is unchanged.</exception>
    public void Save(ITrainedEncoder encoder, TrainingHistory history)
    {
        var file = new SafetensorsWriter();
        encoder.Save(file);
        file.AddMetadata("step", encoder.Steps.ToString(CultureInfo.InvariantCulture));
        file.AddMetadata("fingerprint", fingerprint);
        file.AddMetadata("history", history.ToJson());
        try
        {
            file.Save(path);
        }
        // The last is how .NET reports a file that its file system does not let grow.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            string rest = File.Exists(path) ? "the previous one is intact: free space and resume from it" : "free space and start again";
            throw new SextantException(
                $"{path}: the checkpoint of step {encoder.Steps} cannot be written ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')}); "
                    + $"{rest}",
                e
            )
            {
                RelatedOptions = File.Exists(path) ? [nameof(TrainingRunOptions.Resume)] : [],
            };
        }
    }

    /// <summary>Restores the encoder to the state in the file.</summary>
    /// <returns>Whether there was a file.</returns>
    /// <exception cref="InputException">The file is damaged, or of a run with other settings or data.</exception>
    public bool TryRestore(ITrainedEncoder encoder, TrainingHistory history)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (file.Metadata.GetValueOrDefault("fingerprint") != fingerprint)
        {
            throw new InputException($"{path}: belongs to a run with other settings or data; delete it, or use the same settings");
        }

        if (!long.TryParse(file.Metadata.GetValueOrDefault("step"), CultureInfo.InvariantCulture, out long steps) || steps < 0)
        {
            throw new InputException($"{path}: no step number; delete it to start again");
        }

        history.Restore(file.Metadata.GetValueOrDefault("history"), path);
        encoder.Restore(file, steps);
        return true;
    }

    /// <summary>Removes the file, once the result is written.</summary>
    public void Delete() => File.Delete(path);

    /// <summary>Reads a tensor into an array of its length.</summary>
    /// <exception cref="InputException">It does not exist, or has another length.</exception>
    public static void Copy(SafetensorsFile file, string name, float[] target)
    {
        float[] values = file.ReadSingles(name);
        if (values.Length != target.Length)
        {
            throw new InputException(
                $"the checkpoint's '{name}' has {values.Length} values, expected {target.Length}; delete it to start again"
            );
        }

        values.CopyTo(target, 0);
    }
}
