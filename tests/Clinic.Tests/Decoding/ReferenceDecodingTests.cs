using System.Text.Json;
using TransformerClinic.Decoding;
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
    public void Tokens_and_scores_are_those_of_the_reference(string variant, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (sources, width) = Sources();
        var model = ReferenceWeights.Load($"decode/{variant}.weights.safetensors", GoldenModel.Options(variant) with { MaxPositions = 1024 }, type);
        var tolerance = type == ScalarType.Float64 ? 1e-6 : 1e-5;
        var searches = 0;

        using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenTensors.PathOf($"decode/{variant}.last.json")));
        foreach (var record in document.RootElement.EnumerateArray())
        {
            if (Options(record.GetProperty("config"), width) is not { } options)
            {
                continue;
            }

            searches++;
            var expected = record.GetProperty("nbest_per_source_float64run").EnumerateArray().ToArray();
            foreach (var (source, hypotheses) in new BeamSearch(model, options).Search(sources, TestContext.Current.CancellationToken).Index())
            {
                AssertSame([.. expected[source].EnumerateArray()], [.. hypotheses.Take(Returned)], tolerance, $"{options}, source {source}");
            }
        }

        Assert.Equal(11, searches);
    }

    private static void AssertSame(JsonElement[] expected, Hypothesis[] found, double tolerance, string where)
    {
        Assert.Equal(expected.Length, found.Length);
        foreach (var (wanted, hypothesis) in expected.Zip(found))
        {
            Assert.Equal(wanted.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32()), hypothesis.Tokens);
            Assert.True(Math.Abs(wanted.GetProperty("score").GetDouble() - hypothesis.Score) <= tolerance, $"{where}: {hypothesis.Score} instead of {wanted.GetProperty("score")}");
            foreach (var (score, found1) in wanted.GetProperty("positional_scores").EnumerateArray().Zip(hypothesis.TokenLogProbabilities))
            {
                Assert.Equal(score.GetDouble(), found1, 2e-5);
            }
        }
    }

    /// <summary>Our options for a configuration of the reference; null for one that asks for what we do not have.</summary>
    private static DecodingOptions? Options(JsonElement config, int width)
    {
        double Value(string name, double otherwise) => config.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;
        if (Value("no_repeat_ngram_size", 0) != 0 || Value("temperature", 1) != 1 || Value("unk_penalty", 0) != 0)
        {
            return null;
        }

        return new DecodingOptions
        {
            Beam = (int)Value("beam_size", 1),
            LengthPenalty = config.TryGetProperty("normalize_scores", out var normalize) && !normalize.GetBoolean() ? 0 : Value("len_penalty", 1),
            // The reference multiplies by the padded width of its batch, we by the sentence's own length.
            MaxLengthA = 0,
            MaxLengthB = (int)((Value("max_len_a", 0) * width) + Value("max_len_b", 200)),
            MinLength = (int)Value("min_len", 1),
        };
    }

    private static (IReadOnlyList<int[]> Sources, int Width) Sources()
    {
        using var file = GoldenTensors.Open("decode/batch.safetensors");
        var rows = file["src_tokens"];
        var width = (int)rows.shape[1];
        return ([.. rows.data<long>().ToArray().Chunk(width).Select(row => row.Where(id => id != Vocabulary.Pad).Select(id => (int)id).ToArray())], width);
    }
}
