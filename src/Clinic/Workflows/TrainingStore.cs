using TransformerClinic.Common;
using TransformerClinic.Data.Stored;

namespace TransformerClinic.Workflows;

/// <summary>Finds training sets that are stored already, and says why one cannot be used.</summary>
/// <param name="request">What the set is to be made of.</param>
/// <param name="console">Shows what happens.</param>
internal sealed class TrainingStore(StoredRequest request, IRunConsole console)
{
    /// <summary>The set in the folder that <c>data.prepared</c> names.</summary>
    /// <exception cref="UserErrorException">
    /// There is none, it is damaged, or it was made of other text, subwords or options.
    /// </exception>
    public StoredSet Named(string folder)
    {
        var set = StoredSet.Open(folder);
        if (request.DifferenceFrom(set, mayBeGone: true) is { } difference)
        {
            set.Dispose();
            throw new UserErrorException(
                $"data.prepared: {folder}: {difference}. Store the training set again with clinic prepare, or leave "
                    + "data.prepared empty: then the run stores its own."
            );
        }

        console.Say($"the training set is stored in {folder}");
        return set;
    }

    /// <summary>The set of a run, if an earlier command has stored it and it would be the same now.</summary>
    public StoredSet? Own(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        try
        {
            var set = StoredSet.Open(folder);
            if (request.DifferenceFrom(set, mayBeGone: false) is not { } difference)
            {
                console.Say($"the training set is stored in {folder}");
                return set;
            }

            set.Dispose();
            console.Say($"{folder}: {difference}, so the training set is stored again.");
        }
        catch (UserErrorException exception)
        {
            console.Say($"the training set is stored again, because: {exception.Message}");
        }

        return null;
    }
}
