using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Data.Exchange;

/// <summary>The pairs of a translators' file, one after the other.</summary>
/// <param name="file">The file, from its start.</param>
/// <param name="name">Its name in messages.</param>
/// <param name="wanted">The languages of the pairs.</param>
internal sealed class ExchangeReading(Stream file, string name, LanguagePair wanted)
{
    private readonly PairCollector _collector = new(name, wanted);

    /// <summary>What happened to the file's units; to be asked after the last pair.</summary>
    public Ledger Ledger { get; private set; } = new("", 0, 0, []);

    /// <summary>The languages of source and target; to be asked after the last pair.</summary>
    public (string Source, string Target) Languages { get; private set; }

    /// <summary>
    /// The pairs, in the file's order, and the line of the file where each begins, from 1; to be enumerated once.
    /// </summary>
    /// <exception cref="UserErrorException">
    /// The file is damaged, is another kind of XML, has no pair, or does not say which languages to take. What is wrong
    /// with the whole is known only after the last pair.
    /// </exception>
    public IEnumerable<(SentencePair Pair, int Line)> Pairs()
    {
        using var xml = new MarkupReader(Compression.Decompressed(file, name), name);
        foreach (var unit in ExchangeFile.Units(xml))
        {
            if (_collector.Add(unit) is { } pair)
            {
                yield return (pair, unit.Line);
            }
        }

        while (xml.Read())
        {
            // What follows the root is only checked.
        }

        (Ledger, Languages) = _collector.Result();
    }
}
