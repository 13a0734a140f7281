using TransformerClinic.Interop.Protobuf;

namespace TransformerClinic.Interop.Onnx;

/// <summary>An attribute of a node (onnx.proto, AttributeProto).</summary>
internal sealed class OnnxAttribute
{
    private const int KindFloat = 1;
    private const int KindInteger = 2;
    private const int KindGraph = 5;
    private const int KindIntegers = 7;

    private readonly ProtobufMessage _message;

    private OnnxAttribute(ProtobufMessage message) => _message = message;

    /// <summary>A float32.</summary>
    public static OnnxAttribute Of(string name, float value) =>
        new(new ProtobufMessage().Text(1, name).Float(2, value).Integer(20, KindFloat));

    /// <summary>An integer.</summary>
    public static OnnxAttribute Of(string name, long value) =>
        new(new ProtobufMessage().Text(1, name).Integer(3, value).Integer(20, KindInteger));

    /// <summary>Integers.</summary>
    public static OnnxAttribute OfEach(string name, params long[] values)
    {
        var message = new ProtobufMessage().Text(1, name);
        foreach (var value in values)
        {
            message.Integer(8, value);
        }

        return new OnnxAttribute(message.Integer(20, KindIntegers));
    }

    /// <summary>A graph, such as a branch of <c>If</c>; it sees the values of the graph around it.</summary>
    public static OnnxAttribute Of(string name, OnnxGraph value) =>
        new(new ProtobufMessage().Text(1, name).Message(6, value.ToMessage()).Integer(20, KindGraph));

    /// <summary>The attribute as a message.</summary>
    public ProtobufMessage ToMessage() => _message;
}
