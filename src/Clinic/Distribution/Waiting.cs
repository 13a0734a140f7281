using System.Diagnostics;

namespace TransformerClinic.Distribution;

/// <summary>
/// Waits by asking again and again: at first without a pause, because most waits are short, then with naps, so that the
/// processor is free for others. Libraries of MPI would occupy it all the time.
/// </summary>
internal static class Waiting
{
    private static readonly TimeSpan WithoutNaps = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BetweenNaps = TimeSpan.FromMicroseconds(100);
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(1);

    // A pause of this process (a suspended job, a stopped container) is not counted as waiting for others.
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(1);

    /// <summary>Waits until something has happened.</summary>
    /// <param name="happened">Whether it has.</param>
    /// <param name="patience">How long to wait at most; null for as long as it takes.</param>
    /// <returns>Whether it has happened within that time.</returns>
    public static bool Until(Func<bool> happened, TimeSpan? patience)
    {
        var waited = TimeSpan.Zero;
        var step = Stopwatch.StartNew();
        while (true)
        {
            var burst = waited < WithoutNaps ? WithoutNaps : BetweenNaps;
            do
            {
                if (happened())
                {
                    return true;
                }

                Thread.Yield();
            } while (step.Elapsed < burst);

            if (waited >= patience)
            {
                return false;
            }

            Thread.Sleep(Nap);
            waited += step.Elapsed < LongestStep ? step.Elapsed : LongestStep;
            step.Restart();
        }
    }
}
