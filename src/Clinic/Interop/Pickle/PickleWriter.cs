using System.Buffers.Binary;
using System.Text;

namespace TransformerClinic.Interop.Pickle;

/// <summary>
/// Writes a pickle of protocol 2 from the same values that <see cref="Unpickler"/> makes of one: numbers, texts, lists,
/// arrays (tuples), dictionaries, names, calls and references.
/// </summary>
internal sealed class PickleWriter
{
    private readonly Stream _stream;

    private PickleWriter(Stream stream) => _stream = stream;

    /// <summary>Writes a value.</summary>
    /// <exception cref="ArgumentException">It is of a kind that is not written.</exception>
    public static void Write(Stream stream, object? value)
    {
        stream.Write([0x80, 2]);
        new PickleWriter(stream).Write(value);
        stream.WriteByte((byte)'.');
    }

    private void Write(object? value)
    {
        switch (value)
        {
            case null:
                Opcode('N');
                break;
            case bool truth:
                Opcode(truth ? '\x88' : '\x89');
                break;
            case int number:
                Integer(number);
                break;
            case long number:
                Integer(number);
                break;
            case double number:
                var bytes = new byte[sizeof(double)];
                BinaryPrimitives.WriteDoubleBigEndian(bytes, number);
                Opcode('G', bytes);
                break;
            case string text:
                var utf8 = Encoding.UTF8.GetBytes(text);
                Opcode('X', Four(utf8.Length));
                _stream.Write(utf8);
                break;
            case PickleName name:
                Opcode('c', Encoding.UTF8.GetBytes($"{name.Module}\n{name.Name}\n"));
                break;
            case PicklePersistentId reference:
                Write(reference.Id);
                Opcode('Q');
                break;
            default:
                Container(value);
                break;
        }
    }

    private void Container(object value)
    {
        switch (value)
        {
            case object?[] tuple:
                Opcode('(');
                All(tuple);
                Opcode('t');
                break;
            case List<object?> list:
                Opcode(']');
                Items(list);
                break;
            case PickleDictionary dictionary:
                Opcode('}');
                Entries(dictionary);
                break;
            case PickleCall call:
                Write(call.Callee);
                Write(call.Arguments.ToArray());
                Opcode('R');
                Items(call.Items);
                Entries(call.Entries);
                if (call.State is { } state)
                {
                    Write(state);
                    Opcode('b');
                }

                break;
            default:
                throw new ArgumentException($"A {value.GetType().Name} cannot be written.", nameof(value));
        }
    }

    private void Items(List<object?> items)
    {
        if (items.Count > 0)
        {
            Opcode('(');
            All(items);
            Opcode('e');
        }
    }

    private void Entries(PickleDictionary dictionary)
    {
        if (dictionary.Entries.Count > 0)
        {
            Opcode('(');
            foreach (var (key, value) in dictionary.Entries)
            {
                Write(key);
                Write(value);
            }

            Opcode('u');
        }
    }

    private void All(IEnumerable<object?> values)
    {
        foreach (var value in values)
        {
            Write(value);
        }
    }

    private void Integer(long number)
    {
        if (number == (int)number)
        {
            Opcode('J', Four((int)number));
            return;
        }

        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        Opcode('\x8a', [sizeof(long), .. bytes]);
    }

    private void Opcode(char opcode, ReadOnlySpan<byte> argument = default)
    {
        _stream.WriteByte((byte)opcode);
        _stream.Write(argument);
    }

    private static byte[] Four(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }
}
