namespace TransformerClinic.Common;

/// <summary>Where a stretch of work stands.</summary>
/// <param name="Done">How much is done, in the units of the total.</param>
/// <param name="Detail">A few words on it, such as the loss.</param>
/// <param name="AtMost">
/// Time after which the work ends even if it is not all done; null where there is no such limit.
/// </param>
public readonly record struct WorkDone(double Done, string Detail = "", TimeSpan? AtMost = null)
{
    /// <summary>
    /// Whether units cost so unevenly that the rate so far says nothing of the rest: the time left is then
    /// <see cref="AtMost"/>, or is not known yet.
    /// </summary>
    public bool Uneven { get; init; }

    /// <summary>The time left: what the rate says, but no more than the limit.</summary>
    public TimeSpan? Left(TimeSpan? byRate) =>
        Uneven ? AtMost
        : AtMost is { } limit && (byRate is not { } left || limit < left) ? limit
        : byRate;
}

/// <summary>Through which a run speaks to whoever watches it.</summary>
public interface IRunConsole
{
    /// <summary>Says one line.</summary>
    void Say(string line);

    /// <summary>Does a stretch of work, showing how far it is, its rate and the time left.</summary>
    /// <param name="what">What is done, such as <c>training</c>.</param>
    /// <param name="unit">What the total counts, such as <c>updates</c>.</param>
    /// <param name="total">How much there is to do; infinite where nobody knows.</param>
    /// <param name="work">The work; it reports to its argument.</param>
    T Work<T>(string what, string unit, double total, Func<IProgress<WorkDone>, T> work);
}
