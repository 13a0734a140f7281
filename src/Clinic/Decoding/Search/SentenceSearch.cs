using TransformerClinic.Text;

namespace TransformerClinic.Decoding.Search;

/// <summary>The state of the search for one sentence: its beam and what is finished.</summary>
/// <param name="options">How to search.</param>
/// <param name="source">The sentence.</param>
/// <param name="minLength">Shortest output, without the end mark.</param>
/// <param name="maxLength">Longest output, counted the same way; it wins if the two disagree.</param>
internal sealed class SentenceSearch(DecodingOptions options, SourceSentence source, int minLength, int maxLength)
{
    private readonly List<Hypothesis> _finished = [];

    /// <summary>The sentence.</summary>
    public SourceSentence Source => source;

    /// <summary>Tokens of each hypothesis.</summary>
    public int Length { get; private set; }

    /// <summary>The beam, best first: the empty hypothesis, then <see cref="DecodingOptions.Beam"/> ones.</summary>
    public IReadOnlyList<PartialHypothesis> Beam { get; private set; } =
    [new PartialHypothesis(null, Vocabulary.EndOfSentence, LogProbability: 0, Row: 0)];

    /// <summary>Whether the next token must be the end mark.</summary>
    public bool MustEnd => Length >= maxLength;

    /// <summary>Whether the next token may be the end mark.</summary>
    public bool MayEnd => Length >= minLength;

    /// <summary>Whether the search is finished.</summary>
    public bool Done { get; private set; }

    /// <summary>Whether another step is needed: the search is not finished, and somebody waits for it.</summary>
    public bool MustGoOn => !Done && !source.GiveUp.IsCancellationRequested;

    /// <summary>The finished hypotheses, best first.</summary>
    public IReadOnlyList<Hypothesis> Finished => [.. _finished.OrderByDescending(hypothesis => hypothesis.Score)];

    /// <summary>
    /// Takes one step's best candidates, best first: an end mark among the first <c>beam</c> finishes a hypothesis, a
    /// later one is dropped; the first <c>beam</c> others are the new beam. Enough are finished when there are
    /// <c>beam</c> of them.
    /// </summary>
    public void Advance(ReadOnlySpan<Candidate> candidates)
    {
        var beam = new List<PartialHypothesis>(options.Beam);
        for (var rank = 0; rank < candidates.Length; rank++)
        {
            var (row, token, logProbability) = candidates[rank];
            var continued = new PartialHypothesis(Beam[row], token, logProbability, beam.Count);
            if (token == Vocabulary.EndOfSentence)
            {
                if (rank < options.Beam && _finished.Count < options.Beam)
                {
                    _finished.Add(continued.Finish(options));
                }
            }
            else if (beam.Count < options.Beam)
            {
                beam.Add(continued);
            }
        }

        Done = _finished.Count == options.Beam || MustEnd || beam.Count == 0;
        if (Done && _finished.Count == 0)
        {
            // Neither a token nor the end may follow, as banned words can have it: what there is ends all the same, and
            // whoever checks it says what is wrong with it.
            _finished.Add(
                new PartialHypothesis(Beam[0], Vocabulary.EndOfSentence, Beam[0].LogProbability, Row: 0).Finish(options)
            );
        }

        Length++;
        while (!Done && beam.Count < options.Beam)
        {
            // Fewer candidates than places: an impossible hypothesis fills the place, and its continuations are never
            // taken.
            beam.Add(beam[0] with { LogProbability = double.NegativeInfinity, Row = beam.Count });
        }

        Beam = beam;
    }
}
