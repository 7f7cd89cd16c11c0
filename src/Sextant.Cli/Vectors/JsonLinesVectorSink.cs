using Sextant.Cli.Terminal;

namespace Sextant.Cli.Vectors;

/// <summary><c>{"text": …, "embedding": […]}</c>, one a line.</summary>
internal sealed class JsonLinesVectorSink(string? path, Stream standardOutput) : VectorSink(path, standardOutput)
{
    public override ValueTask WriteAsync(string text, ReadOnlyMemory<float> vector, CancellationToken cancellationToken)
    {
        JsonLine.Write(
            Stream,
            json =>
            {
                json.WriteString("text", text);
                json.WriteStartArray("embedding");
                foreach (float value in vector.Span)
                    json.WriteNumberValue(value);
                json.WriteEndArray();
            }
        );
        return ValueTask.CompletedTask;
    }
}
