using System.Text.Json;
using Sextant.Onnx.Layout;

namespace Sextant.Onnx.Pooling;

/// <summary>
/// Reads the config.json of a Pooling module in both its dialects: truth values called <c>pooling_mode_…</c>, or
/// <c>pooling_mode</c> with a name or a list of names.
/// </summary>
internal static class PoolingConfig
{
    public static TokenPooling Read(ModelFiles files, string name)
    {
        JsonElement config = JsonFile.TryRead(files, name) ?? throw new InputException($"{files.Location}: no {name}");
        if (config.ValueKind != JsonValueKind.Object)
        {
            throw new InputException($"{files.Locate(name)}: not a JSON object");
        }

        PoolingModes modes = config.TryGetProperty("pooling_mode", out JsonElement named)
            ? FromNames(named, files.Locate(name))
            : FromFlags(config);
        // With nothing chosen the module takes the mean.
        return new TokenPooling(modes == PoolingModes.None ? PoolingModes.Mean : modes, config.BoolOrNull("include_prompt") ?? true);
    }

    private static PoolingModes FromFlags(JsonElement config)
    {
        PoolingModes modes = PoolingModes.None;
        foreach (JsonProperty property in config.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.True)
            {
                modes |= property.Name switch
                {
                    "pooling_mode_cls_token" => PoolingModes.Cls,
                    "pooling_mode_max_tokens" => PoolingModes.Max,
                    "pooling_mode_mean_tokens" => PoolingModes.Mean,
                    "pooling_mode_mean_sqrt_len_tokens" => PoolingModes.MeanSqrtLength,
                    "pooling_mode_weightedmean_tokens" => PoolingModes.WeightedMean,
                    "pooling_mode_lasttoken" => PoolingModes.LastToken,
                    _ => PoolingModes.None,
                };
            }
        }

        return modes;
    }

    private static PoolingModes FromNames(JsonElement named, string file)
    {
        PoolingModes modes = PoolingModes.None;
        foreach (JsonElement item in named.ValueKind == JsonValueKind.Array ? named.EnumerateArray().AsEnumerable() : [named])
        {
            string? mode = item.ValueKind == JsonValueKind.String ? item.GetString() : item.GetRawText();
            modes |= mode switch
            {
                "cls" => PoolingModes.Cls,
                "max" => PoolingModes.Max,
                "mean" => PoolingModes.Mean,
                "mean_sqrt_len_tokens" or "mean_sqrt_len" => PoolingModes.MeanSqrtLength,
                "weightedmean" => PoolingModes.WeightedMean,
                "lasttoken" or "last_token" => PoolingModes.LastToken,
                _ => throw new InputException(
                    $"{file}: unknown pooling '{mode}'; " + "use cls, max, mean, mean_sqrt_len_tokens, weightedmean or lasttoken"
                ),
            };
        }

        return modes;
    }
}
