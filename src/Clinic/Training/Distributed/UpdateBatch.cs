using TransformerClinic.Data;

namespace TransformerClinic.Training.Distributed;

/// <summary>One of the batches of an update, with all that computing it needs; made when it is asked for.</summary>
/// <param name="make">Makes the batch.</param>
/// <param name="epoch">Its epoch.</param>
/// <param name="dropoutKey">The key of the dropout masks of each part.</param>
internal sealed class UpdateBatch(Func<Batch> make, int epoch, Func<int, ulong> dropoutKey)
{
    private Batch? _batch;

    /// <summary>The batch.</summary>
    public Batch Batch => _batch ??= make();

    /// <summary>Its epoch.</summary>
    public int Epoch => epoch;

    /// <summary>Some of its pieces.</summary>
    /// <param name="first">The first part.</param>
    /// <param name="end">The part after the last one.</param>
    /// <param name="parts">How many parts the batch is cut into.</param>
    public IEnumerable<Piece> Pieces(int first, int end, int parts) =>
        Enumerable.Range(first, end - first).Select(part => new Piece(Batch, part, parts, dropoutKey(part)));

    /// <summary>The pieces of a run among all pieces of an update.</summary>
    /// <param name="batches">The batches of the update; only those of the run are made.</param>
    /// <param name="run">The run.</param>
    /// <param name="parts">How many parts each batch is cut into.</param>
    public static IReadOnlyList<Piece> PiecesOf(IReadOnlyList<UpdateBatch> batches, PieceNode run, int parts) =>
        [
            .. batches
                .Index()
                .SelectMany(entry =>
                {
                    var begin = entry.Index * parts;
                    var (first, end) = (Math.Max(run.First - begin, 0), Math.Min(run.End - begin, parts));
                    return first < end ? entry.Item.Pieces(first, end, parts) : [];
                }),
        ];
}

/// <summary>Some rows of a batch: what one worker computes at a time.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Part">Which part of its rows.</param>
/// <param name="Parts">How many parts it is cut into.</param>
/// <param name="DropoutKey">The key of the part's dropout masks.</param>
internal readonly record struct Piece(Batch Batch, int Part, int Parts, ulong DropoutKey);

/// <summary>Loss of a piece, a batch or an update, summed over its target tokens.</summary>
/// <param name="Loss">Label-smoothed cross-entropy.</param>
/// <param name="Nll">Negative log-likelihood.</param>
/// <param name="Tokens">Target tokens, padding not counted.</param>
internal readonly record struct PieceLoss(double Loss, double Nll, int Tokens)
{
    /// <summary>Of the pieces of an update: those of each batch are added first, then the batches.</summary>
    /// <param name="pieces">All pieces, in their order.</param>
    /// <param name="parts">How many are of one batch.</param>
    public static PieceLoss Sum(IEnumerable<PieceLoss> pieces, int parts) =>
        Sum(pieces.Chunk(parts).Select(batch => Sum(batch)));

    private static PieceLoss Sum(IEnumerable<PieceLoss> losses)
    {
        var sum = default(PieceLoss);
        foreach (var (loss, nll, tokens) in losses)
        {
            sum = new PieceLoss(sum.Loss + loss, sum.Nll + nll, sum.Tokens + tokens);
        }

        return sum;
    }
}
