using TorchSharp;
using TransformerClinic.Folding;
using TransformerClinic.Interop.CTranslate2;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.Folding;
using TransformerClinic.Tests.Model;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;
using Transformer = TransformerClinic.Model.Transformer;

namespace TransformerClinic.Tests.Interop.CTranslate2;

/// <summary>The bytes of <c>model.bin</c>, held to the format's specification by a reader of their own.</summary>
public sealed class CTranslate2FileTests
{
    public static TheoryData<ResidualVariant, Activation, EmbeddingSharing> Shapes =>
        new()
        {
            { ResidualVariant.PostLn, Activation.Relu, EmbeddingSharing.All },
            { ResidualVariant.PreLn, Activation.Gelu, EmbeddingSharing.Decoder },
            { ResidualVariant.PostLn, Activation.Gelu, EmbeddingSharing.None },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_model_that_is_read_back_gives_the_same_logits(
        ResidualVariant variant,
        Activation activation,
        EmbeddingSharing sharing
    )
    {
        using var model = SmallModel.Create(
            SmallModel.Options(variant) with
            {
                Activation = activation,
                SharedEmbeddings = sharing,
            }
        );

        Assert.Equal(0, Difference(model, quantized: false), 6);
    }

    [Fact]
    public void A_first_omega_that_was_trained_is_in_embedding_and_positions_of_its_stack()
    {
        using var trained = Foldable.Create("admin-trainable-first");
        var (folded, _) = ResidualFolding.Fold(trained);
        using var ownership = folded;
        folded.to(ScalarType.Float32);
        Assert.NotNull(folded.Encoder.InputScale);

        Assert.InRange(Difference(folded, quantized: false), 0, 1e-5);
    }

    [Fact]
    public void The_options_of_other_programs_models_are_read_back()
    {
        using var model = OtherProgramsModel.Create();
        using var read = CTranslate2Reader.Read(new MemoryStream(Bytes(model, quantized: false)), model);

        OtherProgramsModel.AssertRuledOut(read);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        model.Embeddings.OutputBias!.zero_();
        read.Embeddings.OutputBias!.zero_();
        Assert.InRange(Difference(model, read), 0, 1e-6);
    }

    [Fact]
    public void Int8_is_rounded_row_by_row()
    {
        using var model = SmallModel.Create(ResidualVariant.PostLn);
        var variables = CTranslate2Reader.Variables(new MemoryStream(Bytes(model, quantized: true)));
        var weight = model.Embeddings.Output.data<float>().ToArray();
        var rounded = variables["decoder/projection/weight"].Bytes.ToArray();
        var scales = variables["decoder/projection/weight_scale"].ToTensor().data<float>().ToArray();
        var width = weight.Length / scales.Length;

        Assert.All(
            weight.Index(),
            entry =>
                Assert.Equal(
                    (sbyte)MathF.Round(entry.Item * scales[entry.Index / width]),
                    unchecked((sbyte)rounded[entry.Index])
                )
        );
        Assert.All(
            weight.Chunk(width).Zip(scales),
            row => Assert.Equal(row.First.All(w => w == 0) ? 1 : 127 / row.First.Max(Math.Abs), row.Second, 3)
        );
        Assert.InRange(Difference(model, quantized: true), 1e-6, 0.1);
    }

    [Fact]
    public void A_file_has_the_bytes_that_the_specification_says()
    {
        using var model = SmallModel.Create(ResidualVariant.PostLn);
        using var reader = new BinaryReader(new MemoryStream(Bytes(model, quantized: false)));

        Assert.Equal(6u, reader.ReadUInt32());
        Assert.Equal(16, reader.ReadUInt16());
        Assert.Equal("TransformerSpec\0"u8.ToArray(), reader.ReadBytes(16));
        Assert.Equal(7u, reader.ReadUInt32());
        var count = reader.ReadUInt32();
        var name = System.Text.Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadUInt16()));
        Assert.Equal("decoder/activation\0", name);
        Assert.Equal(new byte[] { 0, 1, 1, 0, 0, 0, 0 }, reader.ReadBytes(7));
        Assert.True(count > 40);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        using var model = SmallModel.Create(ResidualVariant.PostLn);
        var bytes = Bytes(model, quantized: false);

        foreach (var length in Enumerable.Range(0, 200).Select(i => i * bytes.Length / 200))
        {
            Assert.Throws<InvalidDataException>(() => CTranslate2Reader.Read(new MemoryStream(bytes[..length]), model));
        }
    }

    [Fact]
    public void Equal_models_give_equal_bytes()
    {
        using var one = SmallModel.Create(ResidualVariant.PostLn);
        using var other = SmallModel.Create(ResidualVariant.PostLn);

        Assert.Equal(Bytes(one, quantized: true), Bytes(other, quantized: true));
    }

    private static double Difference(Transformer model, bool quantized)
    {
        using var read = CTranslate2Reader.Read(new MemoryStream(Bytes(model, quantized)), model);
        return Difference(model, read);
    }

    private static double Difference(Transformer model, Transformer read)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var source = tensor(new long[] { 4, 8, 15, 2, 9, 10, 17, 2 }, [2, 4]);
        var target = tensor(new long[] { 2, 7, 9, 2, 5, 5 }, [2, 3]);
        var expected = model.Forward(source, target);
        return ((read.Forward(source, target) - expected).abs().max() / expected.abs().max()).item<float>();
    }

    private static byte[] Bytes(Transformer model, bool quantized)
    {
        using var stream = new MemoryStream();
        CTranslate2File.Write(stream, model, quantized);
        return stream.ToArray();
    }
}
