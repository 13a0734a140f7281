using System.Buffers.Binary;

namespace TransformerClinic.Data.Stored;

/// <summary>What the index of a shard says of an example, in 32 bytes, numbers with the lowest byte first.</summary>
/// <param name="Start">Where its ids begin in the file of ids, counted in ids: source, then target.</param>
/// <param name="Source">Ids of the source.</param>
/// <param name="Target">Ids of the target.</param>
/// <param name="Line">Its line in the file that it is from, from 1.</param>
/// <param name="Corpus">The number of that file, or pair of files, from 0.</param>
/// <param name="Number">Its place in the order of reading, from 0.</param>
internal readonly record struct IndexEntry(long Start, int Source, int Target, long Line, int Corpus, int Number)
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 32;

    /// <summary>Writes an entry.</summary>
    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to, Start);
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], Source);
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], Target);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], Line);
        BinaryPrimitives.WriteInt32LittleEndian(to[24..], Corpus);
        BinaryPrimitives.WriteInt32LittleEndian(to[28..], Number);
    }

    /// <summary>Reads an entry.</summary>
    public static IndexEntry Read(ReadOnlySpan<byte> from) =>
        new(
            BinaryPrimitives.ReadInt64LittleEndian(from),
            BinaryPrimitives.ReadInt32LittleEndian(from[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[28..])
        );
}
