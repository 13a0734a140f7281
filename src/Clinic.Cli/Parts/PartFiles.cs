using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Cli.Parts;

/// <summary>
/// The files of a translated part: the translations, complete or absent, and next to them in JSON what decided them.
/// The record is written first, so that translations without one are somebody else's. Any number of processes may
/// translate the same part: they write the same bytes.
/// </summary>
/// <param name="output">What the parts of the whole are called after.</param>
/// <param name="part">The part.</param>
internal sealed class PartFiles(string output, FilePart part)
{
    /// <summary>The file of the translations.</summary>
    public string Translations { get; } = part.NameOf(output);

    private string Record => $"{Translations}.json";

    /// <summary>Whether the part is translated already.</summary>
    /// <exception cref="UserErrorException">
    /// The files cannot be written, or they are there and are not of this record.
    /// </exception>
    public bool AreThere(PartRecord record)
    {
        OutputFile.Check(Translations);
        OutputFile.Check(Record);
        var translated = File.Exists(Translations);
        if (!File.Exists(Record))
        {
            return translated
                ? throw new UserErrorException(
                    $"{Translations}: this file is there, and {Path.GetFileName(Record)}, which would say what it is a "
                        + "translation of, is not. Remove it, or name another output."
                )
                : false;
        }

        return Json.Read<PartRecord>(Record) is var there && record.DifferenceFrom(there) is { } difference
            ? throw new UserErrorException(
                $"{Translations}: this part was begun with {difference} ({Path.GetFileName(Record)} says of what it is "
                    + "a translation). Remove both files, or name another output."
            )
            : translated;
    }

    /// <summary>Writes down what is about to be translated.</summary>
    public void Begin(PartRecord record) => Json.Write(Record, record);
}
