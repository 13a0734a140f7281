using TransformerClinic.Common;
using TransformerClinic.Interop.Protobuf;

namespace TransformerClinic.Interop.Onnx;

/// <summary>A graph as a file (onnx.proto, ModelProto), of the operator set 17.</summary>
internal static class OnnxFile
{
    /// <summary>The operator set: the first with LayerNormalization, and old enough for every runtime in use.</summary>
    public const int OperatorSet = 17;

    private const int IrVersion = 8;

    /// <summary>Writes a graph.</summary>
    /// <exception cref="UserErrorException">It is longer than a message of Protocol Buffers may be.</exception>
    public static void Write(Stream stream, OnnxGraph graph)
    {
        var model = new ProtobufMessage()
            .Integer(1, IrVersion)
            .Text(2, "TransformerClinic")
            .Message(7, graph.ToMessage())
            .Message(8, new ProtobufMessage().Text(1, "").Integer(2, OperatorSet));
        if (model.Length > ProtobufMessage.Longest)
        {
            throw new UserErrorException(
                $"The graph is {model.Length:N0} bytes long; an ONNX file holds at most {ProtobufMessage.Longest:N0}. "
                    + "Export the model to another format, or in int8."
            );
        }

        model.WriteTo(stream);
    }

    /// <summary>The bytes of a graph's file.</summary>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static byte[] Bytes(OnnxGraph graph)
    {
        using var stream = new MemoryStream();
        Write(stream, graph);
        return stream.ToArray();
    }
}
