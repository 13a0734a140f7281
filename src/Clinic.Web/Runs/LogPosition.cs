using System.Globalization;
using System.Security.Cryptography;

namespace TransformerClinic.Web.Runs;

/// <summary>
/// A place in a log: how many bytes are before it, and a check of the line that ends there. The check tells whether
/// that line is still there after a rollback has taken lines away and others have been written.
/// </summary>
/// <param name="Offset">Bytes before it.</param>
/// <param name="Check">The check; empty if it is not known.</param>
internal readonly record struct LogPosition(long Offset, string Check)
{
    private const int CheckDigits = 8;

    /// <summary>The beginning of a log.</summary>
    public static LogPosition Start => new(0, "");

    /// <summary>The place after a line.</summary>
    /// <param name="offset">Bytes before the place.</param>
    /// <param name="line">The line, without its end.</param>
    public static LogPosition After(long offset, ReadOnlySpan<byte> line) =>
        new(offset, Convert.ToHexStringLower(SHA256.HashData(line))[..CheckDigits]);

    /// <summary>Reads a place as <see cref="ToString"/> writes it, or only its offset; null if it is neither.</summary>
    public static LogPosition? Parse(string? text)
    {
        var parts = (text ?? "").Split('-');
        return
            parts.Length <= 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? new LogPosition(offset, parts.Length == 2 ? parts[1] : "")
            : null;
    }

    /// <summary>Whether another place is this one, as far as both are known.</summary>
    public bool Fits(LogPosition other) =>
        Offset == other.Offset && (Check.Length == 0 || other.Check.Length == 0 || Check == other.Check);

    /// <inheritdoc/>
    public override string ToString() =>
        Check.Length == 0
            ? Offset.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{Offset}-{Check}");
}
