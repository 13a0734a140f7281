using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;
using TransformerClinic.Training.Checkpoints;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>The mean of checkpoints, which must equal the reference's to the last bit.</summary>
internal sealed class AveragingCheck(ReferenceFolder folder, DecodingManifest manifest) : ICheck
{
    private const string Name = DecodingManifest.AverageFolder;

    /// <inheritdoc/>
    public IEnumerable<Part> Parts() => manifest.Average is { } average ? [new Part(Name, () => Compare(average))] : [];

    private IEnumerable<Quantity> Compare(RecordedAverage average)
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var stream = File.Create(path))
            {
                CheckpointAverage.Write(
                    stream,
                    [.. average.InputsInSummationOrder.Select(input => folder.PathOf($"{Name}/{input}"))]
                );
            }

            using var expected = folder.Open($"{Name}/{average.Output}");
            using var found = new ReferenceTensors(path);
            var comparison = new Comparison(Name);
            foreach (var name in expected.Names.Union(found.Names))
            {
                if (expected.Has(name) && found.Has(name))
                {
                    comparison.Add(name, expected[name], found[name], Tolerances.Identical);
                }
                else
                {
                    comparison.Fail($"{name} is in only one of them");
                }
            }

            yield return comparison.Result(
                $"{comparison.Pieces} tensors of {average.InputsInSummationOrder.Count} checkpoints"
            );
        }
        finally
        {
            File.Delete(path);
        }
    }
}
