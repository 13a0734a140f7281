using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace TransformerClinic.Interop.Pickle;

/// <summary>
/// Reads a pickle as data: it builds numbers, texts, lists, arrays (tuples), <see cref="PickleDictionary"/>,
/// <see cref="PickleName"/>, <see cref="PickleCall"/> and <see cref="PicklePersistentId"/>, and nothing else. A name is
/// never looked up and a call never made, so that no file can make it run anything. It knows what PyTorch writes
/// (protocol 2), and the strings and names of protocol 4.
/// </summary>
internal sealed class Unpickler
{
    private const int NewestProtocol = 5;
    private const int DeepestNesting = 1000;

    // Bytes of memory that a value of the kind takes at most, apart from its content.
    private const int OfSlot = 24;
    private const int OfNumber = 32;
    private const int OfText = 32;
    private const int OfEntry = 48;
    private const int OfContainer = 96;
    private const int OfCall = 320;

    private readonly PickleSource _source;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private readonly Action<PicklePersistentId>? _seen;

    private Unpickler(PickleSource source, Action<PicklePersistentId>? seen) => (_source, _seen) = (source, seen);

    /// <summary>Reads one pickle; the source is then at the byte after it.</summary>
    /// <param name="source">Its bytes.</param>
    /// <param name="seen">Told every reference to something outside of the pickle.</param>
    /// <exception cref="PickleCallException">It calls something that checkpoints do not call.</exception>
    /// <exception cref="FormatException">It is not a pickle of the kinds that are read.</exception>
    public static object? Read(PickleSource source, Action<PicklePersistentId>? seen = null) =>
        new Unpickler(source, seen).Read();

    private object? Read()
    {
        while (true)
        {
            var opcode = (char)_source.ReadByte();
            if (opcode == '.')
            {
                return _marks.Count == 0 && _stack.Count == 1 ? _stack[0] : throw Malformed();
            }

            if (!(Atom(opcode) || Text(opcode) || Container(opcode) || Memo(opcode) || Object(opcode)))
            {
                throw new FormatException(
                    $"it has the opcode 0x{(int)opcode:x2} at byte {_source.Position - 1}, which PyTorch does not write"
                );
            }
        }
    }

    private bool Atom(char opcode)
    {
        switch (opcode)
        {
            case '\x80' when _source.ReadByte() is var protocol:
                if (protocol > NewestProtocol)
                {
                    throw new FormatException($"it is a pickle of protocol {protocol}, which is not known");
                }

                return true;
            case '\x95': // a frame: only a length
                _source.ReadBytes(8);
                return true;
            case 'N':
                Push(null);
                return true;
            case '\x88':
                Push(true, OfNumber);
                return true;
            case '\x89':
                Push(false, OfNumber);
                return true;
            case 'J':
                Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)), OfNumber);
                return true;
            case 'K':
                Push((long)_source.ReadByte(), OfNumber);
                return true;
            case 'M':
                Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)), OfNumber);
                return true;
            case '\x8a':
                Push(Integer(Bytes(_source.ReadByte())), OfNumber);
                return true;
            case 'G':
                Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)), OfNumber);
                return true;
            default:
                return false;
        }
    }

    private bool Text(char opcode)
    {
        switch (opcode)
        {
            case 'X':
                PushText(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)), Encoding.UTF8);
                return true;
            case '\x8c':
                PushText(_source.ReadByte(), Encoding.UTF8);
                return true;
            case 'U': // a string of Python 2
                PushText(_source.ReadByte(), Encoding.Latin1);
                return true;
            case 'T':
                PushText(BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)), Encoding.Latin1);
                return true;
            default:
                return false;
        }
    }

    private bool Container(char opcode)
    {
        switch (opcode)
        {
            case '(':
                if (_marks.Count == DeepestNesting)
                {
                    throw new FormatException($"it is nested more than {DeepestNesting} deep");
                }

                _marks.Add(_stack.Count);
                return true;
            case '}':
                Push(new PickleDictionary(), OfContainer);
                return true;
            case ']':
            case '\x8f': // a set
                Push(new List<object?>(), OfContainer);
                return true;
            case ')':
                Push(Array.Empty<object?>());
                return true;
            case 't':
                PushTuple(CountAboveMark());
                return true;
            case '\x85':
            case '\x86':
            case '\x87':
                PushTuple(opcode - '\x84');
                return true;
            case 'a':
                Append(1);
                return true;
            case 'e':
            case '\x90':
                Append(CountAboveMark());
                return true;
            case 's':
                Set(2);
                return true;
            case 'u':
                Set(CountAboveMark());
                return true;
            default:
                return false;
        }
    }

    private bool Memo(char opcode)
    {
        switch (opcode)
        {
            case 'q':
                Remember(_source.ReadByte());
                return true;
            case 'r':
                Remember(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)));
                return true;
            case '\x94':
                Remember(_memo.Count);
                return true;
            case 'h':
                Push(Remembered(_source.ReadByte()));
                return true;
            case 'j':
                Push(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))));
                return true;
            default:
                return false;
        }
    }

    private bool Object(char opcode)
    {
        switch (opcode)
        {
            case 'c':
                Push(new PickleName(_source.ReadLine(), _source.ReadLine()), OfContainer);
                return true;
            case '\x93' when (Pop(), Pop()) is (string name, string module):
                Push(new PickleName(module, name), OfContainer);
                return true;
            case 'R':
            case '\x81':
                Push(Call(Pop(), Pop()), OfCall);
                return true;
            case 'b' when (Pop(), Top()) is (var state, PickleCall call):
                call.State = state;
                return true;
            case 'Q':
                var reference = new PicklePersistentId(Pop());
                _seen?.Invoke(reference);
                Push(reference, OfContainer);
                return true;
            case '\x93':
            case 'b':
                throw Malformed();
            default:
                return false;
        }
    }

    private static PickleCall Call(object? arguments, object? callee) =>
        (callee, arguments) switch
        {
            (PickleName name, object?[] values) => KnownCalls.Has(name)
                ? new PickleCall(name, values)
                : throw new PickleCallException(name.Full),
            (PickleCall made, _) => throw new PickleCallException($"what {made.Callee.Full} returns"),
            _ => throw Malformed(),
        };

    private void Append(int count)
    {
        var items = Above(count);
        switch (Top())
        {
            case List<object?> list:
                _source.Take((long)OfSlot * items.Length);
                list.AddRange(items);
                break;
            case PickleCall call:
                _source.Take((long)OfSlot * items.Length);
                call.Items.AddRange(items);
                break;
            default:
                throw Malformed();
        }
    }

    private void Set(int count)
    {
        var items = Above(count);
        var entries = Top() switch
        {
            PickleDictionary dictionary => dictionary.Entries,
            PickleCall call => call.Entries.Entries,
            _ => throw Malformed(),
        };
        if (items.Length % 2 != 0)
        {
            throw Malformed();
        }

        _source.Take((long)OfEntry * items.Length / 2);
        for (var i = 0; i < items.Length; i += 2)
        {
            entries.Add((items[i], items[i + 1]));
        }
    }

    private void PushText(long length, Encoding encoding)
    {
        _source.Take(OfText);
        Push(_source.ReadText(length, encoding));
    }

    private void PushTuple(int count)
    {
        _source.Take(OfContainer + (long)OfSlot * count);
        Push(Above(count));
    }

    private void Push(object? value, int memory = 0)
    {
        _source.Take(OfSlot + memory);
        _stack.Add(value);
    }

    private object? Pop()
    {
        var value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object? Top() => _stack.Count > (_marks.Count > 0 ? _marks[^1] : 0) ? _stack[^1] : throw Malformed();

    /// <summary>Takes the uppermost values off the stack.</summary>
    private object?[] Above(int count)
    {
        if (count > _stack.Count - (_marks.Count > 0 ? _marks[^1] : 0))
        {
            throw Malformed();
        }

        var values = _stack.GetRange(_stack.Count - count, count).ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    /// <summary>How many values are above the last mark, which goes.</summary>
    private int CountAboveMark()
    {
        if (_marks.Count == 0)
        {
            throw Malformed();
        }

        var count = _stack.Count - _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        return count;
    }

    private void Remember(long key)
    {
        _source.Take(OfEntry);
        _memo[key] = Top();
    }

    private object? Remembered(long key) => _memo.TryGetValue(key, out var value) ? value : throw Malformed();

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _source.Read(bytes);
        return bytes;
    }

    private static object Integer(byte[] bytes)
    {
        var value = new BigInteger(bytes);
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    private static FormatException Malformed() => new("its pickle is damaged");
}
