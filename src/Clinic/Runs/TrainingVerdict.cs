using System.Globalization;
using TransformerClinic.Training;

namespace TransformerClinic.Runs;

/// <summary>Whether a model has trained, by a criterion that is fixed before the run.</summary>
public static class TrainingVerdict
{
    /// <summary>
    /// A model counts as trained if its validation loss is at least this far, in nats, below the loss that token frequencies
    /// alone give. A decoder that ignores its source still gains about one nat from the words before; half a nat is less than
    /// any model gains that learned even that.
    /// </summary>
    public const double LeastGain = 0.5;

    /// <summary>The verdict, in words.</summary>
    public static (bool Trained, string Reason) Of(RunResults results)
    {
        if (results.End == TrainingEnd.Diverged || results.ValidationLoss is not { } loss)
        {
            return (false, "diverged: loss or gradient was not finite");
        }

        var gain = results.UnigramLoss - loss;
        var figures = string.Create(CultureInfo.InvariantCulture, $"validation loss {loss:0.00}, {Math.Abs(gain):0.00} nats {(gain >= 0 ? "below" : "above")} the {results.UnigramLoss:0.00} of token frequencies alone");
        return gain >= LeastGain ? (true, $"trained: {figures}") : (false, $"stuck on the plateau: {figures}");
    }
}
