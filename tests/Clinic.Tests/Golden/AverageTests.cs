using TransformerClinic.Interop;
using TransformerClinic.Training;

namespace TransformerClinic.Tests.Golden;

public class AverageTests
{
    [Fact]
    public void An_average_of_three_checkpoints_is_the_references_to_the_bit()
    {
        string[] inputs = ["decode/postln.weights.safetensors", "decode/average/input1.weights.safetensors", "decode/average/input2.weights.safetensors"];
        using var folder = new TemporaryFolder();
        using (var stream = File.Create(folder.PathOf("averaged.safetensors")))
        {
            CheckpointAverage.Write(stream, [.. inputs.Select(GoldenTensors.PathOf)]);
        }

        using var expected = SafetensorsFile.Open(GoldenTensors.PathOf("decode/average/averaged.weights.safetensors"));
        using var averaged = SafetensorsFile.Open(folder.PathOf("averaged.safetensors"));
        Assert.Equal(expected.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal), averaged.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        Assert.All(expected.Tensors, tensor => Assert.Equal(expected.Read<float>(tensor.Name), averaged.Read<float>(tensor.Name)));
    }
}
