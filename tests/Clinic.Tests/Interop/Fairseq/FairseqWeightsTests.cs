using TransformerClinic.Common;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Interop.Fairseq;

public sealed class FairseqWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(EmbeddingSharing.All, false)]
    [InlineData(EmbeddingSharing.None, false)]
    [InlineData(EmbeddingSharing.All, true)]
    public void A_model_reads_back_what_another_wrote(EmbeddingSharing sharing, bool apart)
    {
        var options = SmallModel.Options() with { SharedEmbeddings = sharing };
        using var written = SmallModel.Create(options, seed: 1);
        using var read = SmallModel.Create(options, seed: 2);
        Read(FairseqFile.Tensors(written, apart), read);

        Assert.All(
            written.named_parameters().Zip(read.named_parameters()),
            pair => Assert.True(pair.First.parameter.equal(pair.Second.parameter).all().item<bool>(), pair.First.name)
        );
    }

    [Fact]
    public void A_tensor_that_is_missing_left_over_or_of_another_shape_is_named()
    {
        using var model = SmallModel.Create();
        var whole = FairseqFile.Tensors(model);

        Assert.Contains(
            "no tensor 'encoder.layers.1.fc1.bias'",
            Mistake([.. whole.Where(tensor => tensor.Name != "encoder.layers.1.fc1.bias")], model),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "a tensor 'encoder.layers.2.fc1.bias' that this model does not have",
            Mistake([.. whole, ModuleWeights.Source("encoder.layers.2.fc1.bias", ones(3))], model),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "'encoder.layers.1.fc1.bias' is [3], where [24] is needed",
            Mistake(
                [
                    .. whole.Where(tensor => tensor.Name != "encoder.layers.1.fc1.bias"),
                    ModuleWeights.Source("encoder.layers.1.fc1.bias", ones(3)),
                ],
                model
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Embeddings_that_differ_are_not_treated_as_shared()
    {
        using var model = SmallModel.Create();
        List<TensorSource> tensors =
        [
            .. FairseqFile.Tensors(model).Where(tensor => tensor.Name != FairseqNames.TargetEmbedding),
        ];

        Assert.Contains(
            "embedding differ",
            Mistake(
                [.. tensors, ModuleWeights.Source(FairseqNames.TargetEmbedding, model.Embeddings.Source.neg())],
                model
            ),
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _folder.Dispose();

    private string Mistake(IReadOnlyList<TensorSource> tensors, Transformer model) =>
        Assert.Throws<UserErrorException>(() => Read(tensors, model)).Message;

    private void Read(IReadOnlyList<TensorSource> tensors, Transformer model)
    {
        var path = _folder.PathOf("weights.safetensors");
        FairseqFile.Write(path, tensors);
        using var file = SafetensorsFile.Open(path);
        new FairseqWeights(file).Read(model);
    }
}
