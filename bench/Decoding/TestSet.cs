using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Text;

namespace TransformerClinic.Bench.Decoding;

/// <summary>
/// A test set that every variant translates completely, in batches of similar length, as the model's recipe says except
/// for the beam.
/// </summary>
internal sealed class TestSet(
    Transformer model,
    SubwordModel subwords,
    DecodingOptions options,
    IReadOnlyList<SentencePair> pairs
)
{
    private const int Batch = 64;

    /// <summary>BLEU of every variant, and BLEU's signature.</summary>
    public (IReadOnlyList<TestSetScore> Scores, string Signature) Score(int beam)
    {
        var (scores, signature) = (new List<TestSetScore>(), "");
        int[][]? plain = null;
        foreach (var variant in DecodingVariant.All)
        {
            var translations = Translate(variant.Create(model, options with { Beam = beam }));
            plain ??= translations;
            var bleu = BleuScorer.Corpus(
                [.. translations.Select(tokens => subwords.Decode(tokens))],
                [.. pairs.Select(pair => pair.Target)]
            );
            signature = bleu.Signature;
            scores.Add(
                new TestSetScore(
                    variant.Name,
                    beam,
                    bleu.Score,
                    plain.Zip(translations).Count(pair => pair.First.SequenceEqual(pair.Second)),
                    pairs.Count
                )
            );
        }

        return (scores, signature);
    }

    private int[][] Translate(BeamSearch search)
    {
        int[][] sources = [.. pairs.Select(pair => (int[])[.. subwords.Encode(pair.Source), Vocabulary.EndOfSentence])];
        var translations = new int[sources.Length][];
        foreach (var batch in Enumerable.Range(0, sources.Length).OrderBy(i => sources[i].Length).Chunk(Batch))
        {
            foreach (var (place, found) in batch.Zip(search.Search([.. batch.Select(i => sources[i])])))
            {
                translations[place] = found[0].Tokens;
            }
        }

        return translations;
    }
}
