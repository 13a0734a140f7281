using TransformerClinic.Common;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training.Checkpoints;

namespace TransformerClinic.Tests.Training.Checkpoints;

public sealed class CheckpointAverageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_is_given_the_mean_whose_bytes_are_those_of_the_file()
    {
        string[] paths = [.. Enumerable.Range(1, 3).Select(seed => Written(SmallModel.Create(seed: seed)))];
        using var file = new MemoryStream();
        CheckpointAverage.Write(file, paths);

        using var model = SmallModel.Create(seed: 4);
        CheckpointAverage.PutInto(model, paths);
        using var memory = new MemoryStream();
        ModuleWeights.Write(memory, model);

        Assert.Equal(file.ToArray(), memory.ToArray());
        var weights = paths.Select(First).ToList();
        Assert.Equal((weights[0] + weights[1] + weights[2]) / 3, FirstOf(model));
    }

    [Fact]
    public void The_mean_of_another_model_is_refused()
    {
        var path = Written(SmallModel.Create(SmallModel.Options(ResidualVariant.Rezero)));
        using var model = SmallModel.Create(SmallModel.Options(ResidualVariant.PreLn));

        Assert.Contains(
            "that this model does not have",
            Assert.Throws<UserErrorException>(() => CheckpointAverage.PutInto(model, [path])).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<UserErrorException>(() => CheckpointAverage.PutInto(model, []));
    }

    private static float First(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Read<float>(file.Tensors[0].Name)[0];
    }

    private static float FirstOf(Transformer model) => model.parameters().First().data<float>()[0];

    private string Written(Transformer model)
    {
        using var owned = model;
        var path = _folder.PathOf(Guid.NewGuid().ToString("N"));
        using var stream = File.Create(path);
        ModuleWeights.Write(stream, owned);
        return path;
    }
}
