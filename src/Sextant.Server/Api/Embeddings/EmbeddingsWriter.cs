using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sextant.Server.Http;

namespace Sextant.Server.Api.Embeddings;

/// <summary>Writes an <see cref="EmbeddingsResponse"/>: vectors become base64 or numbers directly in the buffer of the response.</summary>
internal static class EmbeddingsWriter
{
    public static void Write(PooledBytes to, IReadOnlyList<Embedding<float>> embeddings, bool asBase64, string model, long tokens)
    {
        to.Write("""{"object":"list","data":["""u8);
        for (int i = 0; i < embeddings.Count; i++)
        {
            if (i > 0)
                to.Write(","u8);
            to.Write("""{"object":"embedding","index":"""u8);
            Write(to, i);
            to.Write(""","embedding":"""u8);
            if (asBase64)
                WriteBase64(to, embeddings[i].Vector.Span);
            else
                WriteNumbers(to, embeddings[i].Vector.Span);
            to.Write("}"u8);
        }

        to.Write("],\"model\":\""u8);
        to.Write(JsonEncodedText.Encode(model, ServerJson.Options.Encoder).EncodedUtf8Bytes);
        to.Write("\",\"usage\":{\"prompt_tokens\":"u8);
        Write(to, tokens);
        to.Write(""","total_tokens":"""u8);
        Write(to, tokens);
        to.Write("}}"u8);
    }

    private static void WriteBase64(PooledBytes to, ReadOnlySpan<float> vector)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(vector);
        int length = Base64.GetMaxEncodedToUtf8Length(bytes.Length);
        Span<byte> span = to.GetSpan(length + 2);
        span[0] = span[length + 1] = (byte)'"';
        if (BitConverter.IsLittleEndian)
            Base64.EncodeToUtf8(bytes, span.Slice(1, length), out _, out _);
        else
            Base64.EncodeToUtf8(LittleEndian(vector), span.Slice(1, length), out _, out _);
        to.Advance(length + 2);
    }

    private static void WriteNumbers(PooledBytes to, ReadOnlySpan<float> vector)
    {
        Span<byte> span = to.GetSpan((vector.Length * (ShortestFloat.MaxBytes + 1)) + 2);
        int at = 0;
        span[at++] = (byte)'[';
        foreach (float number in vector)
        {
            at += ShortestFloat.Write(number, span[at..]);
            span[at++] = (byte)',';
        }

        // The last comma's place; a vector has at least one dimension.
        span[at - 1] = (byte)']';
        to.Advance(at);
    }

    private static void Write(PooledBytes to, long number)
    {
        const int MaxDigits = 20;
        Utf8Formatter.TryFormat(number, to.GetSpan(MaxDigits), out int written);
        to.Advance(written);
    }

    private static byte[] LittleEndian(ReadOnlySpan<float> vector)
    {
        byte[] bytes = new byte[vector.Length * sizeof(float)];
        for (int i = 0; i < vector.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        return bytes;
    }
}
