using System.Buffers.Binary;

namespace TransformerClinic.Text.SentencePiece;

/// <summary>
/// Which strings a SentencePiece model replaces by which (<c>precompiled_charsmap</c>), such as NFKC's: a double array
/// as Darts-clone lays it out, whose values are places in a block of strings that end with zero.
/// </summary>
/// <remarks>
/// The bits of a unit: 0 to 7 its label; 8 whether it has a leaf; 9 whether its offset, bits 10 to 30, counts in 256;
/// of a leaf, 0 to 30 its value.
/// </remarks>
internal sealed class CharacterMap
{
    private readonly uint[] _units;
    private readonly byte[] _texts;

    private CharacterMap(uint[] units, byte[] texts) => (_units, _texts) = (units, texts);

    /// <summary>Reads a map; null where it is empty.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static CharacterMap? Read(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
        {
            return null;
        }

        if (content.Length < sizeof(uint))
        {
            throw new InvalidDataException("The normalizer's table of characters is cut off.");
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(content);
        var rest = content[sizeof(uint)..];
        if (size == 0 || size % sizeof(uint) != 0 || size >= rest.Length)
        {
            throw new InvalidDataException("The normalizer's table of characters is damaged.");
        }

        var units = new uint[size / sizeof(uint)];
        for (var i = 0; i < units.Length; i++)
        {
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(rest[(i * sizeof(uint))..]);
        }

        var texts = rest[(int)size..];
        return texts[^1] == 0
            ? new CharacterMap(units, texts.ToArray())
            : throw new InvalidDataException("The normalizer's table of characters does not end.");
    }

    /// <summary>
    /// The longest start of a text that is replaced: its length, 0 where none is, and what takes its place.
    /// </summary>
    public int Longest(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        var (found, value) = (0, 0U);
        var node = 0U ^ OffsetOf(_units[0]);
        for (var i = 0; i < text.Length; i++)
        {
            node ^= text[i];
            if (node >= _units.Length || LabelOf(_units[node]) != text[i])
            {
                break;
            }

            var unit = _units[node];
            node ^= OffsetOf(unit);
            if (HasLeaf(unit) && node < _units.Length)
            {
                (found, value) = (i + 1, _units[node] & 0x7FFFFFFF);
            }
        }

        if (found == 0 || value >= _texts.Length)
        {
            replacement = default;
            return 0;
        }

        var start = _texts.AsSpan((int)value);
        replacement = start[..start.IndexOf((byte)0)];
        return found;
    }

    private static bool HasLeaf(uint unit) => (unit & 0x100) != 0;

    /// <summary>The top bit of a leaf makes it no byte's label.</summary>
    private static uint LabelOf(uint unit) => unit & 0x800000FF;

    private static uint OffsetOf(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
