using System.Globalization;
using TransformerClinic.Common;

namespace TransformerClinic.Files;

/// <summary>
/// One of the equal parts that a file of lines is divided into, numbered from 0: the lines that begin in its share of
/// the file's bytes. To find them, a line is read at each end and nothing before it; the parts together are the file.
/// </summary>
internal readonly record struct FilePart
{
    /// <summary>The most parts of a file.</summary>
    public const int Most = 100_000;

    private FilePart(int number, int count) => (Number, Count) = (number, count);

    /// <summary>Which part, from 0.</summary>
    public int Number { get; }

    /// <summary>How many parts there are.</summary>
    public int Count { get; }

    /// <summary>A part.</summary>
    /// <exception cref="UserErrorException">There is no such part.</exception>
    public static FilePart Of(int number, int count) =>
        count is < 1 or > Most ? throw new UserErrorException($"A text has from 1 to {Most:N0} parts, not {count}.")
        : number < 0 || number >= count
            ? throw new UserErrorException(
                $"There is no part {number} of {count}: parts are numbered from 0 to {count - 1}."
            )
        : new FilePart(number, count);

    /// <summary>The part that a text such as <c>3/8</c> names, the fourth of eight.</summary>
    /// <exception cref="UserErrorException">It names none.</exception>
    public static FilePart Parse(string text) =>
        text.Split('/') is [var number, var count]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
        && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? Of(i, n)
            : throw new UserErrorException(
                $"'{text}' is not a part: write its number from 0, a slash, and how many parts there are, such as 0/8."
            );

    /// <summary>Where the part begins in something of this size: <c>floor(number * size / count)</c>.</summary>
    public long Begin(long size) => (long)((Int128)Number * size / Count);

    /// <summary>Where the part ends, which is where the next one begins.</summary>
    public long End(long size) => (long)((Int128)(Number + 1) * size / Count);

    /// <summary>The bytes of the part's lines.</summary>
    /// <param name="file">The file, whose position changes; it stays open.</param>
    public FileRange In(Stream file) =>
        new(file, LineRange.FirstFrom(file, Begin(file.Length)), LineRange.FirstFrom(file, End(file.Length)));

    /// <summary>
    /// The name of this part's file: <c>name.017-of-1000</c>. All have as many digits, so that a shell lists them in
    /// order.
    /// </summary>
    public string NameOf(string whole)
    {
        var digits = (Count - 1).ToString(CultureInfo.InvariantCulture).Length;
        var number = Number.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
        return FormattableString.Invariant($"{whole}.{number}-of-{Count}");
    }

    /// <summary>The part as it is written: <c>3/8</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Number}/{Count}");
}
