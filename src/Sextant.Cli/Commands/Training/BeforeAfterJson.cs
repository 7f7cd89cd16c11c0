using System.Text.Json;

namespace Sextant.Cli.Commands.Training;

/// <summary>Writes the scores before and after a training as the objects <c>before</c> and <c>after</c>.</summary>
internal static class BeforeAfterJson
{
    public static void Write<T>(Utf8JsonWriter json, T before, T after, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartObject("before");
        write(json, before);
        json.WriteEndObject();
        json.WriteStartObject("after");
        write(json, after);
        json.WriteEndObject();
    }
}
