using System.Text.Json;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.TestSupport;

/// <summary>Nested lists of numbers, as recorders write tensors.</summary>
internal static class RecordedTensor
{
    /// <summary>A float64 tensor of a list's shape.</summary>
    public static Tensor Of(JsonElement nested)
    {
        var shape = new List<long>();
        for (var level = nested; level.ValueKind == JsonValueKind.Array; level = level[0])
        {
            shape.Add(level.GetArrayLength());
        }

        return tensor(Flat(nested).ToArray()).reshape([.. shape]);
    }

    private static IEnumerable<double> Flat(JsonElement nested) =>
        nested.ValueKind == JsonValueKind.Array ? nested.EnumerateArray().SelectMany(Flat) : [nested.GetDouble()];
}
