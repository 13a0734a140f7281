using System.Collections;
using System.Text;
using TransformerClinic.Files;

namespace TransformerClinic.Text.SentencePiece;

/// <summary>
/// The pieces of a model by their numbers. Their texts stay where they are in the file, so that a piece takes 13 bytes
/// more than the file.
/// </summary>
internal sealed class PieceTable : IReadOnlyList<ModelPiece>
{
    private readonly byte[] _file;
    private readonly int[] _starts;
    private readonly int[] _lengths;
    private readonly float[] _scores;
    private readonly byte[] _types;

    private PieceTable(byte[] file, int count)
    {
        (_file, Count) = (file, count);
        (_starts, _lengths) = (new int[count], new int[count]);
        (_scores, _types) = (new float[count], new byte[count]);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public ModelPiece this[int index] => new(Encoding.UTF8.GetString(TextOf(index)), ScoreOf(index), TypeOf(index));

    /// <summary>The pieces of a file.</summary>
    /// <param name="file">Its content, which must not change afterwards.</param>
    /// <exception cref="InvalidDataException">It has none, or one is damaged.</exception>
    public static PieceTable Read(byte[] file)
    {
        var count = 0;
        for (var reader = new ProtobufReader(file); reader.Next(); )
        {
            count += reader.Field == 1 ? 1 : 0;
        }

        if (count == 0)
        {
            throw new InvalidDataException("It has no pieces.");
        }

        var table = new PieceTable(file, count);
        var number = 0;
        for (var reader = new ProtobufReader(file); reader.Next(); )
        {
            if (reader.Field == 1)
            {
                table.Fill(number++, reader.Bytes);
            }
        }

        return table;
    }

    /// <summary>A piece's text in UTF-8.</summary>
    public ReadOnlySpan<byte> TextOf(int number) => _file.AsSpan(_starts[number], _lengths[number]);

    /// <summary>A piece's score.</summary>
    public float ScoreOf(int number) => _scores[number];

    /// <summary>What a piece is.</summary>
    public PieceType TypeOf(int number) => (PieceType)_types[number];

    /// <summary>The numbers of the pieces of some types, in their order.</summary>
    public IEnumerable<int> OfType(params PieceType[] types) =>
        Enumerable.Range(0, Count).Where(number => types.Contains(TypeOf(number)));

    /// <inheritdoc/>
    public IEnumerator<ModelPiece> GetEnumerator() =>
        Enumerable.Range(0, Count).Select(number => this[number]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Fill(int number, ReadOnlySpan<byte> message)
    {
        _types[number] = (byte)PieceType.Normal;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 when !reader.Bytes.IsEmpty:
                    _file.AsSpan().Overlaps(reader.Bytes, out _starts[number]);
                    _lengths[number] = reader.Bytes.Length;
                    break;
                case 2:
                    _scores[number] = reader.Float;
                    break;
                case 3 when Enum.IsDefined((PieceType)reader.Integer):
                    _types[number] = (byte)reader.Integer;
                    break;
                case 3:
                    throw new InvalidDataException($"Its piece number {number} is of no known kind.");
            }
        }

        if (_lengths[number] == 0)
        {
            throw new InvalidDataException($"Its piece number {number} is empty.");
        }
    }
}
