namespace TransformerClinic.Common;

/// <summary>How far a piece of work has come.</summary>
/// <param name="Done">How much is done, in the units of the total.</param>
/// <param name="Detail">A few words about it, such as the loss.</param>
/// <param name="AtMost">
/// Time after which the work ends even if it is not finished; null if there is no such limit.
/// </param>
internal readonly record struct WorkDone(double Done, string Detail = "", TimeSpan? AtMost = null)
{
    /// <summary>
    /// Whether units cost such different amounts that the rate so far says nothing about the rest: the time left is
    /// then <see cref="AtMost"/>, or not known yet.
    /// </summary>
    public bool Uneven { get; init; }

    /// <summary>The time left according to the rate, but no more than the limit.</summary>
    public TimeSpan? Left(TimeSpan? byRate) =>
        Uneven ? AtMost
        : AtMost is { } limit && (byRate is not { } left || limit < left) ? limit
        : byRate;
}

/// <summary>How a run communicates with whoever watches it.</summary>
internal interface IRunConsole
{
    /// <summary>Writes one line.</summary>
    void Say(string line);

    /// <summary>Does a piece of work and shows its progress, rate and time left.</summary>
    /// <param name="what">What is done, such as <c>training</c>.</param>
    /// <param name="unit">What the total counts, such as <c>updates</c>.</param>
    /// <param name="total">How much there is to do; infinite if unknown.</param>
    /// <param name="work">The work; it reports to its argument.</param>
    T Work<T>(string what, string unit, double total, Func<IProgress<WorkDone>, T> work);
}
