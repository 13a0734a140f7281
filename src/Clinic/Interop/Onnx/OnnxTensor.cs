using Microsoft.ML.OnnxRuntime;

namespace TransformerClinic.Interop.Onnx;

/// <summary>A tensor of ONNX Runtime. Owns its memory.</summary>
/// <param name="value">The runtime's own handle.</param>
internal sealed class OnnxTensor(OrtValue value) : IDisposable
{
    /// <summary>The runtime's own handle.</summary>
    public OrtValue Value => value;

    /// <summary>The tensor's dimensions.</summary>
    public int[] Shape { get; } = [.. value.GetTensorTypeAndShape().Shape.Select(length => (int)length)];

    /// <summary>A copy of its numbers, row after row.</summary>
    public float[] Values => value.GetTensorDataAsSpan<float>().ToArray();

    /// <summary>A tensor of given numbers.</summary>
    public static OnnxTensor Of<T>(T[] values, params int[] shape)
        where T : unmanaged =>
        new(OrtValue.CreateTensorValueFromMemory(values, [.. shape.Select(length => (long)length)]));

    /// <summary>These rows of the first dimension, possibly repeated or left out.</summary>
    public OnnxTensor Rows(int[] rows)
    {
        var from = value.GetTensorDataAsSpan<float>();
        var width = from.Length / Shape[0];
        var kept = new float[rows.Length * width];
        for (var i = 0; i < rows.Length; i++)
        {
            from.Slice(rows[i] * width, width).CopyTo(kept.AsSpan(i * width));
        }

        return Of(kept, [rows.Length, .. Shape[1..]]);
    }

    /// <inheritdoc/>
    public void Dispose() => value.Dispose();
}
