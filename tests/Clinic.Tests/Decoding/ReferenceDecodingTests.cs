using System.Text.Json;
using TransformerClinic.Decoding;
using TransformerClinic.Model;
using TransformerClinic.Text;
using TransformerClinic.Tests.Golden;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding;

/// <summary>The reference's searches, hypothesis by hypothesis (Golden/decode).</summary>
public sealed class ReferenceDecodingTests
{
    private const int Returned = 5;

    [Theory]
    [InlineData("postln", ScalarType.Float32)]
    [InlineData("admin", ScalarType.Float32)]
    [InlineData("preln", ScalarType.Float32)]
    [InlineData("postln", ScalarType.Float64)]
    [InlineData("admin", ScalarType.Float64)]
    [InlineData("preln", ScalarType.Float64)]
    public void Tokens_and_scores_are_those_of_the_reference(string variant, ScalarType type) =>
        Assert.Equal(20, Compare($"{variant}.weights", $"{variant}.last", variant, type));

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void An_averaged_model_finds_what_the_references_does(ScalarType type) =>
        Assert.Equal(3, Compare("average/averaged.weights", "average/averaged", "postln", type));

    /// <summary>Compares every search of a record, and says how many there were.</summary>
    private static int Compare(string weights, string record, string variant, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var model = ReferenceWeights.Load($"decode/{weights}.safetensors", GoldenModel.Options(variant) with { MaxPositions = 1024 }, type);
        var tolerance = type == ScalarType.Float64 ? 1e-6 : 1e-5;
        using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenTensors.PathOf($"decode/{record}.json")));
        foreach (var search in document.RootElement.EnumerateArray())
        {
            var config = search.GetProperty("config");
            var expected = search.GetProperty("nbest_per_source_float64run").EnumerateArray().ToList();
            var found = Search(model, config);
            Assert.Equal(expected.Count, found.Count);
            foreach (var (source, hypotheses) in found.Index())
            {
                AssertSame([.. expected[source].EnumerateArray()], [.. hypotheses.Take(Returned)], tolerance, $"{config}, source {source}");
            }
        }

        return document.RootElement.GetArrayLength();
    }

    private static IReadOnlyList<IReadOnlyList<Hypothesis>> Search(Transformer model, JsonElement config)
    {
        var search = new BeamSearch(model, Options(config));
        var alone = config.TryGetProperty("note", out var note) && note.GetString() == "each source decoded alone, no padding";
        return alone
            ? [.. Sources().SelectMany(source => search.Search([source], TestContext.Current.CancellationToken))]
            : search.Search(Sources(), TestContext.Current.CancellationToken);
    }

    private static void AssertSame(JsonElement[] expected, Hypothesis[] found, double tolerance, string where)
    {
        Assert.Equal(expected.Length, found.Length);
        foreach (var (wanted, hypothesis) in expected.Zip(found))
        {
            Assert.Equal(wanted.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32()), hypothesis.Tokens);
            Assert.True(Math.Abs(wanted.GetProperty("score").GetDouble() - hypothesis.Score) <= tolerance, $"{where}: {hypothesis.Score} instead of {wanted.GetProperty("score")}");
            var sum = 0.0;
            foreach (var (score, logProbability) in wanted.GetProperty("positional_scores").EnumerateArray().Select(score => score.GetDouble()).Zip(hypothesis.TokenLogProbabilities))
            {
                // In float32 a token's log-probability is as exact as the hypothesis's, which it is added to.
                sum += score;
                Assert.Equal(score, logProbability, 2e-5 + (Math.Abs(sum) * Math.Pow(2, -23)));
            }
        }
    }

    /// <summary>Our options for a configuration of the reference.</summary>
    private static DecodingOptions Options(JsonElement config)
    {
        double Value(string name, double otherwise) => config.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;
        return new DecodingOptions
        {
            Beam = (int)Value("beam_size", 1),
            LengthPenalty = config.TryGetProperty("normalize_scores", out var normalize) && !normalize.GetBoolean() ? 0 : Value("len_penalty", 1),
            MaxLengthA = Value("max_len_a", 0),
            MaxLengthB = (int)Value("max_len_b", 200),
            MaxLengthOf = SourceLength.Batch,
            MinLength = (int)Value("min_len", 1),
            NoRepeatNgram = (int)Value("no_repeat_ngram_size", 0),
            Temperature = Value("temperature", 1),
            UnknownPenalty = Value("unk_penalty", 0),
        };
    }

    private static IReadOnlyList<int[]> Sources()
    {
        using var file = GoldenTensors.Open("decode/batch.safetensors");
        using var rows = file["src_tokens"];
        return [.. rows.data<long>().ToArray().Chunk((int)rows.shape[1]).Select(row => row.Where(id => id != Vocabulary.Pad).Select(id => (int)id).ToArray())];
    }
}
