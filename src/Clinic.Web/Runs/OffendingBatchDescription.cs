namespace TransformerClinic.Web.Runs;

/// <summary>A batch that triggered the guard against divergence.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Update">The update that it was to make.</param>
/// <param name="Kind">What was found, in a word.</param>
/// <param name="Treatment">What was done, in a word.</param>
/// <param name="Cause">What was found.</param>
/// <param name="Where">In which part of the model; empty if that is not known.</param>
/// <param name="Batches">The batches, several if gradients are accumulated.</param>
/// <param name="Rows">Their pairs, at most 500.</param>
/// <param name="AllRows">How many there are.</param>
/// <param name="UndoneLines">Lines of the log that a rollback took away.</param>
internal sealed record OffendingBatchDescription(
    string Name,
    long Update,
    string Kind,
    string Treatment,
    string Cause,
    string Where,
    IReadOnlyList<KeptBatchDescription> Batches,
    IReadOnlyList<PairDescription> Rows,
    int AllRows,
    int UndoneLines
);

/// <summary>One of the batches.</summary>
/// <param name="Epoch">Its epoch.</param>
/// <param name="Hash">SHA-256 of its ids.</param>
/// <param name="Examples">Its pairs.</param>
internal sealed record KeptBatchDescription(int Epoch, string Hash, int Examples);

/// <summary>A pair of the training set.</summary>
/// <param name="Source">The source.</param>
/// <param name="Target">The target.</param>
internal sealed record PairDescription(string Source, string Target);
