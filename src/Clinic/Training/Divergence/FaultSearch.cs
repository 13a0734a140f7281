using System.Globalization;
using TransformerClinic.Model;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Optimizers;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Divergence;

/// <summary>
/// Finds where values first are not finite: computes the batches of an update again, one by one, and checks every
/// sublayer's output in forward order, then the loss, then every parameter's gradient. Runs only when something is
/// wrong.
/// </summary>
/// <param name="replicas">The model.</param>
/// <param name="parts">How many parts each batch is cut into.</param>
/// <param name="smoothing">Label smoothing.</param>
internal sealed class FaultSearch(ModelReplicas replicas, int parts, double smoothing)
{
    /// <summary>What was found in the batches of an update.</summary>
    /// <param name="Where">In which part of the model, in words.</param>
    /// <param name="Guilty">
    /// Which of the batches give values that are not finite; all of them if none does by itself.
    /// </param>
    public sealed record Fault(string Where, IReadOnlyList<UpdateBatch> Guilty);

    /// <summary>Searches for the fault. Overwrites the gradients.</summary>
    public Fault Find(IReadOnlyList<UpdateBatch> batches)
    {
        var found = batches
            .Select(batch => (Batch: batch, Where: Look(batch)))
            .Where(look => look.Where is not null)
            .ToList();
        var where = found.Count > 0 ? found[0].Where! : NoneByItself();
        return new Fault(where + InWeights(), found.Count > 0 ? [.. found.Select(look => look.Batch)] : batches);
    }

    /// <summary>Which parameter's values are not finite, in words, or null.</summary>
    public static string? NotFinite(FlatParameters parameters, Tensor flat)
    {
        if (ForwardWatch.IsFinite(flat))
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var slot in parameters.Slots)
        {
            var values = FlatParameters.View(flat, slot);
            var bad = values.isfinite().logical_not();
            if (Embeddings.MayRuleOut(slot.Name))
            {
                bad = bad.logical_and(values.isneginf().logical_not());
            }

            if (bad.any().item<bool>())
            {
                var rows =
                    slot.Shape.Length < 2
                        ? ""
                        : string.Create(
                            CultureInfo.InvariantCulture,
                            $", row {bad.flatten(1).any(1).nonzero()[0].item<long>()}"
                        );
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ModelPlace.OfParameter(slot.Name)} ({slot.Name}{rows}, {bad.sum().item<long>()} values)"
                );
            }
        }

        return null;
    }

    /// <summary>
    /// The part of the model whose parameters have the longest gradient, with its share of the squared norm.
    /// </summary>
    public static string LargestGradient(FlatParameters parameters)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var squares = parameters
            .Slots.Select(slot =>
                (
                    Place: ModelPlace.OfParameter(slot.Name),
                    Square: BlockNorm.Squares(parameters.Gradients.narrow(0, slot.Offset, slot.Count)).Sum()
                )
            )
            .GroupBy(slot => slot.Place, (place, slots) => (Place: place, Square: slots.Sum(slot => slot.Square)))
            .ToList();
        var (largest, square) = squares.MaxBy(place => place.Square);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * square / squares.Sum(place => place.Square):0} % of the squared gradient norm is of {largest}"
        );
    }

    /// <summary>Where a batch by itself first gives a value that is not finite, or null.</summary>
    private string? Look(UpdateBatch batch)
    {
        var watches = replicas.Models.Select(model => new ForwardWatch(model)).ToList();
        try
        {
            var sums = replicas.AddGradients([.. batch.Pieces(0, parts, parts)], 0, parts, smoothing);
            var output = watches.Select(watch => watch.First).FirstOrDefault(first => first is not null);
            if (output is not null || sums.Losses.Any(loss => !double.IsFinite(loss.Loss)))
            {
                return "not finite first in forward order: " + (output ?? "the output projection, or the loss itself");
            }
        }
        finally
        {
            watches.ForEach(watch => watch.Dispose());
        }

        return NotFinite(replicas.Parameters, replicas.Parameters.Gradients) is { } gradient
            ? $"all outputs are finite; the gradient is not, first in forward order that of {gradient}"
            : null;
    }

    /// <summary>The gradients are those of the last batch, which stands for all.</summary>
    private string NoneByItself() =>
        double.IsFinite(replicas.Parameters.GradientNorm())
            ? "computed again, the same batches give finite values"
            : "every value is finite, but the norm of the gradient goes beyond float32; "
                + $"{LargestGradient(replicas.Parameters)}";

    private string InWeights() =>
        NotFinite(replicas.Parameters, replicas.Parameters.Values) is { } weights
            ? $"; the weights themselves are not finite in {weights}"
            : "";
}
