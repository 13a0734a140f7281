using System.Security.Cryptography;
using System.Text.Json.Nodes;
using TransformerClinic.Files;
using TransformerClinic.Interop.HuggingFace;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Text;
using static TorchSharp.torch;
using Transformer = TransformerClinic.Model.Transformer;

namespace TransformerClinic.Tests.Interop.HuggingFace;

/// <summary>
/// What the classes of Python's <c>transformers</c> made of our folders (<c>recorded/README.md</c>): the tensors that
/// they have, the logits that they compute, the tokens that they choose.
/// </summary>
public sealed class ReadByPythonTests
{
    public static TheoryData<string> Names => [.. ReadModels.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_tensor_of_the_class_is_written_tied_or_computed_and_no_other_is_written(string name)
    {
        using var model = ReadModels.Create(name);
        var recorded = Recorded(name);

        var written = HuggingFaceWeights.Of(model, ReadModels.Class(name));

        Assert.Equal(
            recorded.Keys.Keys.Except(recorded.Tied.Keys).Except(recorded.Computed).Order(StringComparer.Ordinal),
            written.Select(tensor => tensor.Name).Order(StringComparer.Ordinal)
        );
        Assert.All(written, tensor => Assert.Equal(recorded.Keys[tensor.Name], tensor.Shape));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_class_had_the_numbers_that_are_written_today(string name)
    {
        using var folder = new TemporaryFolder();
        using var model = ReadModels.Create(name);
        var path = folder.PathOf("model.safetensors");
        using (var stream = File.Create(path))
        {
            SafetensorsWriter.Write(stream, HuggingFaceWeights.Of(model, ReadModels.Class(name)), metadata: null);
        }

        using var written = SafetensorsFile.Open(path);
        var recorded = Recorded(name);
        Assert.Equal(
            recorded.Sha256.Keys.Order(StringComparer.Ordinal),
            written
                .Tensors.Select(tensor => tensor.Name)
                .Where(key => !key.Contains("embed_positions", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
        Assert.All(recorded.Sha256, entry => Assert.Equal(entry.Value, Sha256(written, entry.Key)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_read_the_configuration_that_is_written_today(string name)
    {
        using var model = ReadModels.Create(name);
        var recorded = Recorded(name);

        AssertSame(recorded.Config, HuggingFaceConfig.Model(model, ReadModels.Class(name), "de", "en"));
        AssertSame(recorded.Generation, HuggingFaceConfig.Generation(model, beam: 1, lengthPenalty: 1));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_computes_our_logits(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = ReadModels.Create(name);
        foreach (var sentence in Recorded(name).Sentences)
        {
            var logits = model.Forward(Row(sentence.Source), Begun(sentence.Input))[0];
            var theirs = tensor(sentence.Logits.SelectMany(row => row).ToArray()).view(logits.shape);
            var difference = ((logits - theirs).abs().max() / theirs.abs().max()).item<float>();
            Assert.InRange(difference, 0, 1e-4f);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_greedy_search_finds_our_tokens(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = ReadModels.Create(name);
        foreach (var sentence in Recorded(name).Sentences)
        {
            Assert.Equal(sentence.Greedy, Greedy(model, sentence.Source, sentence.Greedy));
        }
    }

    [Fact]
    public void A_text_becomes_the_inputs_that_the_classes_take_and_no_other()
    {
        using var model = ReadModels.Create("marian");
        var subwords = SubwordModel.Learn(
            ["a b a b"],
            new SubwordOptions { Merges = 1, MinPairCount = 1 },
            cancellation: TestContext.Current.CancellationToken
        );

        var config = HuggingFaceConfig.Tokenizer(model, subwords);

        AssertSame(new JsonArray("input_ids", "attention_mask"), config["model_input_names"]!);
    }

    /// <summary>Begins as they began, chooses the largest logit but padding's, and stops as they stopped.</summary>
    private static List<long> Greedy(Transformer model, long[] source, IReadOnlyList<long> theirs)
    {
        var output = new List<long> { theirs[0] };
        while (output.Count < theirs.Count && (output.Count == 1 || output[^1] != Vocabulary.EndOfSentence))
        {
            var logits = model.Forward(Row(source), Begun([.. output]))[0][^1];
            logits[Vocabulary.Pad] = float.NegativeInfinity;
            output.Add(logits.argmax().item<long>());
        }

        return output;
    }

    /// <summary>Ours begins with the end mark, even where nothing is read of it; theirs with padding there.</summary>
    private static Tensor Begun(long[] ids) => Row([Vocabulary.EndOfSentence, .. ids[1..]]);

    private static Tensor Row(long[] ids) => tensor(ids).unsqueeze(0);

    private static string Sha256(SafetensorsFile file, string name) =>
        Convert.ToHexStringLower(
            SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(file.Read<float>(name)))
        );

    private static void AssertSame(JsonNode expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(actual.ToJsonString())), actual.ToJsonString());

    private static ReadModel Recorded(string name) =>
        Json.ReadForeign<ReadModel>(
            RepositoryRoot.PathOf("tests", "Clinic.Tests", "Interop", "HuggingFace", "recorded", $"{name}.json")
        );

    /// <summary>A class after <c>from_pretrained</c>.</summary>
    /// <param name="Keys">Shapes by the names of its <c>state_dict</c>.</param>
    /// <param name="Tied">What shares another's memory, by name, and the other.</param>
    /// <param name="Computed">What it computes itself.</param>
    /// <param name="Sha256">Of the bytes of what it read, positions apart.</param>
    /// <param name="Config">The <c>config.json</c> that it read.</param>
    /// <param name="Generation">The <c>generation_config.json</c> that it read.</param>
    /// <param name="Sentences">What it computed.</param>
    private sealed record ReadModel(
        IReadOnlyDictionary<string, long[]> Keys,
        IReadOnlyDictionary<string, string> Tied,
        IReadOnlyList<string> Computed,
        IReadOnlyDictionary<string, string> Sha256,
        JsonObject Config,
        JsonObject Generation,
        IReadOnlyList<ReadSentence> Sentences
    );

    private sealed record ReadSentence(long[] Source, long[] Input, IReadOnlyList<long> Greedy, float[][] Logits);
}
