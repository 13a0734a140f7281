using System.Numerics;
using System.Runtime.InteropServices;
using TransformerClinic.Text;

namespace TransformerClinic.Decoding.Search;

/// <summary>
/// The best of all ways to continue a beam, best first; ties are in the order of hypothesis and id. libtorch's own
/// selection does not specify which of two equals it takes, and it is slower: here one comparison rejects nearly all
/// candidates.
/// </summary>
/// <param name="count">How many are kept.</param>
/// <param name="padding">Id of the padding token, which is never a candidate.</param>
internal sealed class TopCandidates(int count, long padding)
{
    private readonly List<Candidate> _best = new(count + 1);

    /// <summary>The candidates so far, best first, without impossible ones.</summary>
    public ReadOnlySpan<Candidate> Best => CollectionsMarshal.AsSpan(_best);

    private double Worst => _best.Count == count ? _best[^1].LogProbability : double.NegativeInfinity;

    /// <summary>
    /// Offers all continuations of the hypothesis <paramref name="row"/>, whose log-probability is
    /// <paramref name="before"/>.
    /// </summary>
    /// <param name="row">Its place in the beam; rows come in ascending order.</param>
    /// <param name="before">The hypothesis's log-probability.</param>
    /// <param name="logProbabilities">Of each next token, <c>[vocabulary]</c>.</param>
    /// <param name="mayEnd">Whether the end mark is a candidate.</param>
    public void Offer<T>(int row, double before, ReadOnlySpan<T> logProbabilities, bool mayEnd)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (width, sum, worst) = (
            Vector<T>.Count,
            Vector.Create(T.CreateChecked(before)),
            Vector.Create(T.CreateChecked(Worst))
        );
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(logProbabilities);
        for (var i = 0; i < vectors.Length; i++)
        {
            if (Vector.GreaterThanAny(vectors[i] + sum, worst))
            {
                OfferEach(row, before, logProbabilities, i * width, (i + 1) * width, mayEnd);
                worst = Vector.Create(T.CreateChecked(Worst));
            }
        }

        OfferEach(row, before, logProbabilities, vectors.Length * width, logProbabilities.Length, mayEnd);
    }

    /// <summary>Offers only the end mark.</summary>
    public void OfferEnd<T>(int row, double before, ReadOnlySpan<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        OfferToken(row, before, logProbabilities, Vocabulary.EndOfSentence);

    /// <summary>Offers one single continuation.</summary>
    public void OfferToken<T>(int row, double before, ReadOnlySpan<T> logProbabilities, int token)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        OfferEach(row, before, logProbabilities, token, token + 1, mayEnd: true);

    /// <summary>Offers one single continuation.</summary>
    /// <param name="row">The hypothesis's place in the beam; rows come in ascending order.</param>
    /// <param name="token">The next token; those of a row come in ascending order.</param>
    /// <param name="logProbability">Of the continued hypothesis.</param>
    /// <param name="mayEnd">Whether the end mark is a candidate.</param>
    public void OfferOne(int row, int token, double logProbability, bool mayEnd)
    {
        if (logProbability > Worst && token != padding && (mayEnd || token != Vocabulary.EndOfSentence))
        {
            Insert(new Candidate(row, token, logProbability));
        }
    }

    private void OfferEach<T>(int row, double before, ReadOnlySpan<T> logProbabilities, int from, int to, bool mayEnd)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var token = from; token < to; token++)
        {
            OfferOne(row, token, double.CreateChecked(logProbabilities[token] + T.CreateChecked(before)), mayEnd);
        }
    }

    private void Insert(Candidate candidate)
    {
        var place = _best.Count;
        while (place > 0 && _best[place - 1].LogProbability < candidate.LogProbability)
        {
            place--;
        }

        _best.Insert(place, candidate);
        if (_best.Count > count)
        {
            _best.RemoveAt(count);
        }
    }
}
