using System.Globalization;
using System.Runtime.InteropServices;
using TransformerClinic.Interop.Protobuf;

namespace TransformerClinic.Interop.Onnx;

/// <summary>
/// A graph under construction (onnx.proto, GraphProto): nodes in the order in which they are added, initializers,
/// inputs and outputs. A value is known by its name.
/// </summary>
/// <param name="name">The graph's name; the names of its values begin with it.</param>
internal sealed class OnnxGraph(string name)
{
    private readonly ProtobufMessage _nodes = new();
    private readonly ProtobufMessage _initializers = new();
    private readonly ProtobufMessage _inputs = new();
    private readonly ProtobufMessage _outputs = new();
    private readonly HashSet<string> _constants = new(StringComparer.Ordinal);
    private int _values;

    /// <summary>Adds an input.</summary>
    /// <param name="value">Its name.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="shape">Its dimensions: numbers, or names of dimensions that each call decides.</param>
    /// <returns>Its name.</returns>
    public string Input(string value, OnnxType type, params OnnxDimension[] shape)
    {
        _inputs.Message(11, Describe(value, type, shape));
        return value;
    }

    /// <summary>Makes a value an output under a name of its own.</summary>
    public void Output(string output, string value, OnnxType type, params OnnxDimension[] shape)
    {
        Add("Identity", [value], [output], []);
        Output(output, type, shape);
    }

    /// <summary>Makes a value an output under the name that it has.</summary>
    public void Output(string value, OnnxType type, params OnnxDimension[] shape) =>
        _outputs.Message(12, Describe(value, type, shape));

    /// <summary>Adds a node with one output.</summary>
    /// <returns>The output's name.</returns>
    public string Node(string operation, string[] inputs, params OnnxAttribute[] attributes) =>
        Nodes(operation, inputs, 1, attributes)[0];

    /// <summary>Adds a node with several outputs.</summary>
    /// <returns>The outputs' names.</returns>
    public string[] Nodes(string operation, string[] inputs, int outputs, params OnnxAttribute[] attributes)
    {
        string[] made = [.. Enumerable.Range(0, outputs).Select(_ => Next(operation))];
        Add(operation, inputs, made, attributes);
        return made;
    }

    /// <summary>Adds a tensor of float32.</summary>
    /// <returns>Its name.</returns>
    public string Floats(string value, ReadOnlyMemory<byte> littleEndian, params long[] shape) =>
        Constant(value, OnnxType.Float32, littleEndian, shape);

    /// <summary>Adds a single float32; equal ones are stored once.</summary>
    public string Number(float value) =>
        Once(
            string.Create(CultureInfo.InvariantCulture, $"{name}.number.{value:R}"),
            OnnxType.Float32,
            MemoryMarshal.AsBytes<float>([value]).ToArray()
        );

    /// <summary>Adds integers, a vector; equal ones are stored once.</summary>
    public string Integers(params long[] values) =>
        Once(
            $"{name}.integers.{string.Join('.', values)}",
            OnnxType.Int64,
            MemoryMarshal.AsBytes<long>(values).ToArray(),
            values.Length
        );

    /// <summary>Adds a single integer; equal ones are stored once.</summary>
    public string Integer(long value) =>
        Once(
            string.Create(CultureInfo.InvariantCulture, $"{name}.integer.{value}"),
            OnnxType.Int64,
            MemoryMarshal.AsBytes<long>([value]).ToArray()
        );

    /// <summary>Adds a tensor of any type; its bytes must not change before the graph is written.</summary>
    /// <returns>Its name.</returns>
    public string Constant(string value, OnnxType type, ReadOnlyMemory<byte> littleEndian, params long[] shape)
    {
        if (!_constants.Add(value))
        {
            throw new ArgumentException($"The graph has a constant '{value}' already.", nameof(value));
        }

        var tensor = new ProtobufMessage();
        foreach (var length in shape)
        {
            tensor.Integer(1, length);
        }

        _initializers.Message(5, tensor.Integer(2, (long)type).Text(8, value).Bytes(9, littleEndian));
        return value;
    }

    /// <summary>Whether the graph has a constant of that name.</summary>
    public bool HasConstant(string value) => _constants.Contains(value);

    /// <summary>The graph as a message.</summary>
    public ProtobufMessage ToMessage() =>
        new ProtobufMessage().Concat(_nodes).Text(2, name).Concat(_initializers).Concat(_inputs).Concat(_outputs);

    private string Once(string value, OnnxType type, byte[] bytes, params long[] shape) =>
        _constants.Contains(value) ? value : Constant(value, type, bytes, shape);

    private string Next(string operation) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}.{_values++}.{operation}");

    private void Add(string operation, string[] inputs, string[] outputs, OnnxAttribute[] attributes)
    {
        var node = new ProtobufMessage();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        foreach (var output in outputs)
        {
            node.Text(2, output);
        }

        node.Text(3, outputs[0]).Text(4, operation);
        foreach (var attribute in attributes)
        {
            node.Message(5, attribute.ToMessage());
        }

        _nodes.Message(1, node);
    }

    private static ProtobufMessage Describe(string value, OnnxType type, OnnxDimension[] dimensions)
    {
        var shape = new ProtobufMessage();
        foreach (var dimension in dimensions)
        {
            shape.Message(1, dimension.ToMessage());
        }

        var tensor = new ProtobufMessage().Integer(1, (long)type).Message(2, shape);
        return new ProtobufMessage().Text(1, value).Message(2, new ProtobufMessage().Message(1, tensor));
    }
}
