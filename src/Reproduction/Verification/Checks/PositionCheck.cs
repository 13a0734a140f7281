using TransformerClinic.Model;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>Our own table of sinusoidal positions against the recorded one.</summary>
internal sealed class PositionCheck(ReferenceFolder folder) : ICheck
{
    private const string Name = "model/positions";

    /// <inheritdoc/>
    public IEnumerable<Part> Parts() => folder.Has(Name + ".safetensors") ? [new Part(Name, Compare)] : [];

    private IEnumerable<Quantity> Compare()
    {
        var recorded = new ReferenceModels(folder).RecordedPositions()!;
        var (rows, dim) = ((int)recorded.shape[0], (int)recorded.shape[1]);
        using var positions = new SinusoidalPositions(rows - SinusoidalPositions.FirstRow, dim);
        var comparison = new Comparison(Name);
        comparison.Add("table", recorded, positions.get_buffer("table")!, Tolerances.Positions);
        yield return comparison.Result(
            $"{rows} rows; frequencies may differ in the last bit of float32, which the position multiplies"
        );
    }
}
