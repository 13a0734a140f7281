using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Model;

namespace TransformerClinic.Reports.Profiles;

/// <summary>An omega that somebody else found, to compare with.</summary>
/// <param name="Chain">encoder or decoder.</param>
/// <param name="Index">Number of the sublayer in the stack, from 1.</param>
/// <param name="Omega">Its omega.</param>
internal sealed record ReferenceOmega(string Chain, int Index, double Omega)
{
    private const string Header = "chain,index,omega";

    /// <summary>
    /// Reads a table with the columns <c>chain,index,omega</c>; lines that begin with <c>#</c> are comments.
    /// </summary>
    /// <exception cref="UserErrorException">The file is missing or no such table.</exception>
    public static IReadOnlyList<ReferenceOmega> Read(string path)
    {
        var lines = TextLines.Read(path).Index().Where(line => line.Item.Length > 0 && line.Item[0] != '#').ToList();
        if (lines.Count == 0 || lines[0].Item != Header)
        {
            throw new UserErrorException($"{path}: the first line must be '{Header}'.");
        }

        return [.. lines.Skip(1).Select(line => Parse(line.Item, $"{path}, line {line.Index + 1}"))];
    }

    private static ReferenceOmega Parse(string line, string where) =>
        line.Split(',', StringSplitOptions.TrimEntries) is [var chain, var index, var omega]
        && SublayerWords.StackOf(chain) is not null
        && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0
        && double.TryParse(omega, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
            ? new ReferenceOmega(chain, number, value)
            : throw new UserErrorException(
                $"{where}: '{line}' is not encoder or decoder, a sublayer's number and its omega."
            );
}
