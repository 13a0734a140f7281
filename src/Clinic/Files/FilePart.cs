using System.Globalization;
using TransformerClinic.Common;

namespace TransformerClinic.Files;

/// <summary>
/// Part i of n of a file of lines: the lines that begin in the bytes <c>[i S / n, (i + 1) S / n)</c> of S. To find
/// them, a line is read at each end and nothing before it; the parts together are the file.
/// </summary>
/// <param name="Index">Which part, from 0.</param>
/// <param name="Count">How many parts there are.</param>
internal sealed record FilePart(int Index, int Count)
{
    /// <summary>A part as it is written: <c>17/1000</c>, from <c>0/1000</c> to <c>999/1000</c>.</summary>
    /// <exception cref="UserErrorException">It is not written that way.</exception>
    public static FilePart Parse(string text)
    {
        static int? Number(string digits) =>
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

        return
            text.Split('/') is [var first, var second]
            && Number(first) is { } index
            && Number(second) is { } count
            && index < count
            ? new FilePart(index, count)
            : throw new UserErrorException(
                $"A part is written i/n, from 0/n to n-1/n, such as 0/8 for the first of eight; not '{text}'."
            );
    }

    /// <summary>
    /// The name of this part's file: <c>name.017-of-1000</c>. All have as many digits, so that a shell lists them in
    /// order.
    /// </summary>
    public string NameOf(string whole)
    {
        var digits = (Count - 1).ToString(CultureInfo.InvariantCulture).Length;
        var index = Index.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
        return string.Create(CultureInfo.InvariantCulture, $"{whole}.{index}-of-{Count}");
    }

    /// <summary>The bytes of the part's lines.</summary>
    /// <param name="file">The file, whose position changes; not owned.</param>
    public FileRange In(Stream file) => new(file, LineStart(file, Index), LineStart(file, Index + 1));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    /// <summary>Where the first line begins that does not begin before i/n of the file.</summary>
    private long LineStart(Stream file, int index)
    {
        var place = (long)((Int128)file.Length * index / Count);
        if (place == 0)
        {
            return 0;
        }

        var buffer = new byte[1 << 16];
        file.Position = place - 1;
        int read;
        while ((read = file.Read(buffer, 0, buffer.Length)) > 0)
        {
            if (buffer.AsSpan(0, read).IndexOf((byte)'\n') is >= 0 and var end)
            {
                return file.Position - read + end + 1;
            }
        }

        return file.Length;
    }
}
