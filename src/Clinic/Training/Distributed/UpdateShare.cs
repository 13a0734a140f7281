using System.Globalization;

namespace TransformerClinic.Training.Distributed;

/// <summary>
/// Which pieces of an update each process computes. Of the <c>accumulate</c> batches of an update each is cut into
/// <c>parts</c> parts of rows; piece <c>batch parts + part</c> is one of them. Each process takes a run of neighboring
/// pieces, as equal in length as can be.
/// </summary>
/// <param name="accumulate">Batches of an update.</param>
/// <param name="parts">Parts of a batch.</param>
/// <param name="processes">How many processes share them.</param>
internal sealed class UpdateShare(int accumulate, int parts, int processes)
{
    /// <summary>Parts that a batch can have.</summary>
    public const int MostParts = 4096;

    /// <summary>Batches of an update.</summary>
    public int Accumulate => accumulate;

    /// <summary>Parts of a batch.</summary>
    public int Parts => parts;

    /// <summary>All pieces of an update.</summary>
    public int Pieces => checked(accumulate * parts);

    /// <summary>The most pieces that one process has.</summary>
    public int Most => (Pieces + processes - 1) / processes;

    /// <summary>The fewest pieces that one process has.</summary>
    public int Fewest => Pieces / processes;

    /// <summary>
    /// Floats that a process sends for an update, on average, as a multiple of those that it would send if each had one
    /// sum: half of them are gradients, of which each sends all its sums, the other half weights.
    /// </summary>
    public double Traffic =>
        (Enumerable.Range(0, processes).Sum(process => Sums(process).Count) / (double)processes / 2) + 0.5;

    /// <summary>
    /// How many parts a batch is cut into: where the recipe does not say it, one for each thread of all processes, so
    /// that as many threads cut alike however they are shared out to processes.
    /// </summary>
    /// <param name="asked">What the recipe says; 0 for nothing.</param>
    /// <param name="threads">Threads of each process.</param>
    /// <param name="processes">Processes.</param>
    public static int PartsFor(int asked, int threads, int processes) =>
        asked > 0 ? asked : Math.Min(threads * processes, MostParts);

    /// <summary>The pieces of a process.</summary>
    public PieceNode Of(int process) => Run(process, processes);

    /// <summary>The batches that a run of pieces is of, the first and the one after the last.</summary>
    public (int First, int End) BatchesOf(PieceNode run) => (run.First / parts, (run.End + parts - 1) / parts);

    /// <summary>What a process can add up without the others.</summary>
    public IReadOnlyList<PieceNode> Sums(int process) => PieceTree.Whole(Pieces, Of(process));

    /// <summary>What the share means for speed, in words; null where each process has one sum.</summary>
    public string? Advice()
    {
        if (Fewest == 0)
        {
            return $"{processes - Pieces} of {processes} processes have nothing to compute: an update has {Pieces} "
                + "pieces (training.accumulate batches of training.parts parts).";
        }

        if (Traffic == 1)
        {
            return null;
        }

        int[] better =
        [
            .. Enumerable
                .Range(2, Pieces - 1)
                .Where(count => Pieces % count == 0 && new UpdateShare(accumulate, parts, count).Traffic == 1),
        ];
        var words = better.OrderBy(count => Math.Abs(count - processes)).Take(3).Order().ToList();
        var others = words.Count > 1 ? $"{string.Join(", ", words[..^1])} or {words[^1]}" : string.Join("", words);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{processes} processes share {Pieces} pieces unevenly: {Traffic:0.0} times the traffic"
                + $"{(words.Count == 0 ? "" : $"; {others} would not")}."
        );
    }

    private PieceNode Run(int number, int of) =>
        new((int)((long)Pieces * number / of), (int)((long)Pieces * (number + 1) / of));
}
