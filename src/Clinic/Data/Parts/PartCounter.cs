using TransformerClinic.Common;
using TransformerClinic.Data.Exchange;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Data.Parts;

/// <summary>
/// Counts the words of one part of a text: of each file the lines that begin in the part's range of bytes; of a file
/// that cannot be entered in the middle (compressed, TMX, XLIFF), each nth line or pair.
/// </summary>
/// <param name="part">Which part.</param>
/// <param name="files">The files, and what of them belongs to the part.</param>
/// <param name="normalization">The Unicode form that the text is brought to.</param>
/// <param name="languages">Which languages to take of a file that has several.</param>
/// <param name="progress">Receives now and then how many bytes are read; null for nobody.</param>
/// <param name="cancellation">Ends the work.</param>
internal sealed class PartCounter(
    FilePart part,
    IReadOnlyList<PartFile> files,
    Normalization normalization,
    LanguagePair languages,
    IProgress<long>? progress,
    CancellationToken cancellation
)
{
    private readonly List<CountedStretch> _text = [];
    private readonly ByteProgress _progress = new(progress);

    /// <summary>Counts the words.</summary>
    /// <exception cref="UserErrorException">A file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public PartCounts Count()
    {
        var counts = WordCounts.Of(files.SelectMany(Sentences), normalization, cancellation);
        return new PartCounts(part, normalization, _text, counts);
    }

    private IEnumerable<string> Sentences(PartFile file)
    {
        using var whole = TextLines.Open(file.Path, cancellation);
        var name = file.EveryLine && part.Count > 1 ? $"{file.Path}, part {part}" : file.Path;
        using var opened = new PairFile(name, file.Stretch(whole), file.IsExchange, _progress.Next(), cancellation);
        if (file.Begin < file.End)
        {
            foreach (var sentence in file.EveryLine ? All(file, opened) : EveryNth(file, opened))
            {
                yield return sentence;
            }
        }

        _text.Add(
            new CountedStretch(
                Path.GetFileName(file.Path),
                file.Bytes,
                file.Begin,
                file.End,
                file.EveryLine,
                opened.Content.HashOfAll()
            )
        );
    }

    private static IEnumerable<string> All(PartFile file, PairFile opened) =>
        file.IsTable ? PairLines.Table(opened).SelectMany(read => Sides(read.Pair)) : opened.Lines();

    private IEnumerable<string> EveryNth(PartFile file, PairFile opened) =>
        file.IsExchange
            ? Mine(new ExchangeReading(opened.Content, file.Path, languages).Pairs())
                .SelectMany(read => Sides(read.Pair))
        : file.IsTable ? Mine(PairLines.Table(opened)).SelectMany(read => Sides(read.Pair))
        : Mine(opened.Lines());

    private IEnumerable<T> Mine<T>(IEnumerable<T> all) =>
        all.Index().Where(item => item.Index % part.Count == part.Number).Select(item => item.Item);

    private static string[] Sides(SentencePair pair) => [pair.Source, pair.Target];
}
