using System.Text.Json;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Golden;

public class ForwardTests
{
    public static TheoryData<string> Variants => [.. GoldenModel.Variants];

    [Fact]
    public void The_position_table_is_the_references_up_to_the_last_bit_of_a_frequency()
    {
        // Two of the reference's sixteen frequencies are one unit in the last place off (a vectorised exponential); at
        // position 63 that moves the table by up to 63 * 0.25 * 2^-24.
        using var scope = NewDisposeScope();
        using var golden = GoldenTensors.Open("model/positions.safetensors");
        var table = golden["table"];
        using var positions = new SinusoidalPositions(maxPositions: 62, dim: 32);
        Close.Assert(table, positions.get_buffer("table")!, 1e-6, "table");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Activations_are_the_references(string variant)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var golden = GoldenTensors.Open($"model/{variant}/perturbed.acts.safetensors");
        using var model = GoldenModel.Load(variant, "perturbed");
        var batch = new GoldenBatch();
        var memory = model.Encode(batch.Source);
        var hidden = model.Decode(batch.PreviousOutput, memory);
        Close.Assert(golden.BatchFirst("encoder.output"), memory.Output, 1e-9, "encoder output");
        Close.Assert(golden["logits"], model.Project(hidden), 1e-9, "logits");
        if (!variant.EndsWith("decpre", StringComparison.Ordinal) && variant != "preln")
        {
            // Of Pre-LN decoders the reference recorded the layer's output before the last normalisation.
            Close.Assert(golden.BatchFirst("decoder.last_layer_output"), hidden, 1e-9, "decoder output");
        }
    }

    [Fact]
    public void Residual_connections_make_the_references_layer_outputs_of_its_branches()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var golden = GoldenTensors.Open("model/admin/perturbed.acts.safetensors");
        using var model = GoldenModel.Load("admin", "perturbed");
        void AssertLayer(string layer, Tensor input, IEnumerable<Sublayer> sublayers, params string[] branches)
        {
            var x = sublayers.Zip(branches).Aggregate(input, (shortcut, pair) => pair.First.Residual.Combine(shortcut, golden.BatchFirst($"{layer}.{pair.Second}.branch")));
            Close.Assert(golden.BatchFirst($"{layer}.output"), x, 1e-9, layer);
        }

        AssertLayer("encoder.layers.0", golden.BatchFirst("encoder.input"), model.Encoder.Layers[0].Sublayers, "self_attn", "ffn");
        AssertLayer("encoder.layers.1", golden.BatchFirst("encoder.layers.0.output"), model.Encoder.Layers[1].Sublayers, "self_attn", "ffn");
        AssertLayer("decoder.layers.0", golden.BatchFirst("decoder.input"), model.Decoder.Layers[0].Sublayers, "self_attn", "encoder_attn", "ffn");
        AssertLayer("decoder.layers.1", golden.BatchFirst("decoder.layers.0.output"), model.Decoder.Layers[1].Sublayers, "self_attn", "encoder_attn", "ffn");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Losses_are_the_references(string variant)
    {
        using var losses = JsonDocument.Parse(File.ReadAllBytes(GoldenTensors.PathOf("model/losses.json")));
        var expected = losses.RootElement.GetProperty(variant).GetProperty("perturbed");
        using var model = GoldenModel.Load(variant, "perturbed");
        var loss = new GoldenBatch().Loss(model, backward: false);
        Assert.Equal(expected.GetProperty("loss_sum").GetDouble(), loss.Loss, 1e-9 * loss.Loss);
        Assert.Equal(expected.GetProperty("nll_sum").GetDouble(), loss.Nll, 1e-9 * loss.Nll);
    }

    [Fact]
    public void A_second_batch_gives_the_references_logits()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var golden = GoldenTensors.Open("model/admin/init.batch2.acts.safetensors");
        using var model = GoldenModel.Load("admin", "init");
        var batch = new GoldenBatch("batch2");
        var memory = model.Encode(batch.Source);
        Close.Assert(golden.BatchFirst("encoder.output"), memory.Output, 1e-9, "encoder output");
        Close.Assert(golden["logits"], model.Project(model.Decode(batch.PreviousOutput, memory)), 1e-9, "logits");
    }
}
