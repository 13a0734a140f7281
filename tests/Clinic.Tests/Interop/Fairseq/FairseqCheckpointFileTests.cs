using System.Diagnostics;
using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Interop.Fairseq;

public sealed class FairseqCheckpointFileTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Prints each tensor's name, shape and sum of absolute values, and some options.</summary>
    private const string Script = """
        import sys, torch
        content = torch.load(sys.argv[1], map_location='cpu')
        args = content['args']
        print('args', type(args).__name__, args.arch, args.encoder_layers, args.decoder_normalize_before, args.dropout)
        for name, value in content['model'].items():
            print(name, list(value.shape), value.dtype, repr(value.double().abs().sum().item()))
        shared = content['model']['encoder.embed_tokens.weight'].data_ptr()
        print('shared', shared == content['model']['decoder.embed_tokens.weight'].data_ptr())
        """;

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(ResidualVariant.PostLn, ResidualVariant.PostLn, EmbeddingSharing.All, Activation.Relu)]
    [InlineData(ResidualVariant.PreLn, ResidualVariant.PostLn, EmbeddingSharing.Decoder, Activation.Gelu)]
    [InlineData(ResidualVariant.PostLn, ResidualVariant.PreLn, EmbeddingSharing.None, Activation.Relu)]
    public void A_written_model_is_read_back(
        ResidualVariant encoder,
        ResidualVariant decoder,
        EmbeddingSharing sharing,
        Activation activation
    )
    {
        using var model = SmallModel.Create(Options(encoder, decoder, sharing, activation));
        using var checkpoint = FairseqCheckpoint.Open(Written(model), []);
        var dictionary = Dictionary(SmallModel.Words - Vocabulary.Marks);
        using var read = checkpoint.Load(new JointVocabulary(dictionary, dictionary), Vocabulary.Pad);

        Assert.Equal(model.Options, read.Options);
        Assert.Equal(("de", "en"), (checkpoint.Options.SourceLanguage, checkpoint.Options.TargetLanguage));
        Assert.Empty(checkpoint.Options.Waived);
        Assert.All(
            model.named_parameters().Zip(read.named_parameters()),
            pair => Assert.True(pair.First.parameter.equal(pair.Second.parameter).all().item<bool>(), pair.First.name)
        );
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        using var model = SmallModel.Create(ResidualVariant.PostLn);

        Assert.Equal(File.ReadAllBytes(Written(model)), File.ReadAllBytes(Written(model)));
    }

    [Fact]
    public void PyTorch_loads_what_is_written()
    {
        Assert.SkipUnless(
            Directory.Exists("/usr/lib/python3/dist-packages/torch"),
            "needs PyTorch as Debian's package python3-torch has it"
        );
        using var model = SmallModel.Create(ResidualVariant.PostLn);
        var lines = Run(Script, Written(model));

        Assert.Equal("args Namespace transformer 2 False 0.1", lines[0]);
        Assert.Equal("shared True", lines[^1]);
        var loaded = lines[1..^1].Select(line => line.Split(' ')).ToDictionary(line => line[0], line => line);
        Assert.All(
            model.named_parameters(),
            entry =>
            {
                var line = loaded[FairseqNames.OfParameter(entry.name)];
                Assert.Equal("torch.float32", line[^2]);
                Assert.Equal($"[{string.Join(", ", entry.parameter.shape)}]", string.Join(' ', line[1..^2]));
                Assert.Equal(
                    entry.parameter.to(ScalarType.Float64).abs().sum().item<double>(),
                    double.Parse(line[^1], CultureInfo.InvariantCulture),
                    1e-9
                );
            }
        );
        // Besides the parameters: versions, marks of the device, and the shared matrix a second time.
        Assert.Equal(model.named_parameters().Count() + 5, loaded.Count);
    }

    [Theory]
    [InlineData(ResidualVariant.Admin, "its encoder is Admin, and fairseq has Post-LN and Pre-LN only. Fold the model")]
    [InlineData(ResidualVariant.Rezero, "its encoder is ReZero")]
    [InlineData(ResidualVariant.DeepNorm, "its encoder is DeepNorm")]
    public void A_variant_that_fairseq_does_not_have_is_refused(ResidualVariant variant, string reason) =>
        Assert.Contains(reason, Refusal(SmallModel.Options(variant)), StringComparison.Ordinal);

    [Fact]
    public void What_fairseq_has_no_place_for_is_refused()
    {
        var plain = SmallModel.Options(ResidualVariant.PostLn);

        Assert.Null(FairseqCheckpointFile.Obstacle(plain));
        Assert.Contains(
            "its decoder has a trained scale of its input",
            Refusal(plain with { Decoder = plain.Decoder with { InputScale = true } }),
            StringComparison.Ordinal
        );
        Assert.Contains("has a bias", Refusal(plain with { OutputBias = true }), StringComparison.Ordinal);
        Assert.Contains("starts from no embedding", Refusal(plain with { ZeroStart = true }), StringComparison.Ordinal);
        Assert.Contains(
            "as Marian does it",
            Refusal(plain with { Positions = PositionFormula.Marian }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "activation is Swish",
            Refusal(plain with { Activation = Activation.Swish }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_dictionary_has_a_line_for_each_piece()
    {
        var path = _folder.Write("dict.txt", FairseqCheckpointFile.Dictionary(["<0x00>", "\u2581the", "a\u00a0b"]));

        Assert.Equal(["<0x00>", "\u2581the", "a\u00a0b"], FairseqDictionary.Read(path).Pieces);
        Assert.Throws<ArgumentException>(() => FairseqCheckpointFile.Dictionary(["a b"]));
    }

    public void Dispose() => _folder.Dispose();

    private static ModelOptions Options(
        ResidualVariant encoder,
        ResidualVariant decoder,
        EmbeddingSharing sharing,
        Activation activation
    ) =>
        SmallModel.Options() with
        {
            Encoder = new StackOptions { Layers = 3, Variant = encoder },
            Decoder = new StackOptions { Layers = 1, Variant = decoder },
            SharedEmbeddings = sharing,
            Activation = activation,
        };

    private static FairseqDictionary Dictionary(int pieces) =>
        new("dict.txt", [.. Enumerable.Range(0, pieces).Select(i => $"piece{i}")]);

    private static string Refusal(ModelOptions options)
    {
        using var model = SmallModel.Create(options);
        using var stream = new MemoryStream();
        var message = Assert
            .Throws<UserErrorException>(() => FairseqCheckpointFile.Write(stream, model, "de", "en"))
            .Message;
        Assert.Equal(0, stream.Length);
        return message;
    }

    private string Written(Transformer model)
    {
        var path = _folder.PathOf($"{Guid.NewGuid()}.pt");
        using var stream = File.Create(path);
        FairseqCheckpointFile.Write(stream, model, "de", "en");
        return path;
    }

    private static string[] Run(string script, string argument)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Python, ["-c", script, argument])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.TrimEnd().Split('\n');
    }
}
