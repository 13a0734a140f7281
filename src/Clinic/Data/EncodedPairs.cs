using TransformerClinic.Text;

namespace TransformerClinic.Data;

/// <summary>Sentence pairs as ids.</summary>
internal static class EncodedPairs
{
    /// <summary>A pair, each side ending with the end mark.</summary>
    public static ParallelExample Example(this SubwordModel subwords, string source, string target) =>
        new(
            [.. subwords.Encode(source), Vocabulary.EndOfSentence],
            [.. subwords.EncodeTarget(target), Vocabulary.EndOfSentence]
        );
}
