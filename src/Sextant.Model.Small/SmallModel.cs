namespace Sextant.Model.Small;

/// <summary>The files of <c>sextant-small</c>, which this assembly carries; a model registry opens it by its name.</summary>
public static class SmallModel
{
    /// <summary>The name of the model.</summary>
    public const string Name = "sextant-small";

    /// <summary>Opens one of the model's files: <c>config.json</c>, <c>model.safetensors</c> or <c>tokenizer.json</c>.</summary>
    /// <param name="file">The file's name.</param>
    /// <returns><see langword="null"/> if the file does not exist.</returns>
    public static Stream? OpenFile(string file) => typeof(SmallModel).Assembly.GetManifestResourceStream($"{Name}/{file}");
}
