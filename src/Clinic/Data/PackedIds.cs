using System.Buffers.Binary;

namespace TransformerClinic.Data;

/// <summary>Ids as bytes: two each where the vocabulary allows it, otherwise four, lowest first.</summary>
internal readonly record struct PackedIds
{
    private const int LargestOfTwoBytes = ushort.MaxValue + 1;

    /// <summary>For ids below the size of a vocabulary.</summary>
    public PackedIds(int vocabulary) => Width = vocabulary <= LargestOfTwoBytes ? sizeof(ushort) : sizeof(int);

    /// <summary>Bytes of an id.</summary>
    public int Width { get; }

    /// <summary>Writes ids.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="to">Room for <see cref="Width"/> bytes each.</param>
    public void Pack(ReadOnlySpan<int> ids, Span<byte> to)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            if (Width == sizeof(ushort))
            {
                BinaryPrimitives.WriteUInt16LittleEndian(to[(sizeof(ushort) * i)..], checked((ushort)ids[i]));
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(to[(sizeof(int) * i)..], ids[i]);
            }
        }
    }

    /// <summary>Reads ids.</summary>
    /// <param name="from"><see cref="Width"/> bytes each.</param>
    /// <param name="ids">The ids.</param>
    public void Unpack(ReadOnlySpan<byte> from, Span<long> ids)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] =
                Width == sizeof(ushort)
                    ? BinaryPrimitives.ReadUInt16LittleEndian(from[(sizeof(ushort) * i)..])
                    : BinaryPrimitives.ReadInt32LittleEndian(from[(sizeof(int) * i)..]);
        }
    }
}
