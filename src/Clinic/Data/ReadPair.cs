namespace TransformerClinic.Data;

/// <summary>A sentence and its translation, as they are in the file.</summary>
internal sealed record SentencePair(string Source, string Target);

/// <summary>A pair with its place.</summary>
/// <param name="Pair">The pair.</param>
/// <param name="Corpus">The number of its corpus in the set, from 0.</param>
/// <param name="Line">The line of its file, from 1.</param>
internal readonly record struct ReadPair(SentencePair Pair, int Corpus, int Line);
