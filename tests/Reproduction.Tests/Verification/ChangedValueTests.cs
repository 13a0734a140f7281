using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TransformerClinic.Files;
using TransformerClinic.Reproduction.Verification.Quantities;

namespace TransformerClinic.Reproduction.Tests.Verification;

/// <summary>A changed recorded value makes only its own quantity fail.</summary>
[Trait("Speed", "Slow")]
public partial class ChangedValueTests
{
    private static readonly string[] Admin =
    [
        "model/manifest.json",
        "model/batch.safetensors",
        "model/batch2.safetensors",
        "model/positions.safetensors",
        "model/admin",
    ];

    [Fact]
    public void A_logit()
    {
        using var recorded = new Recorded(Admin);
        recorded.Change("model/admin/perturbed.acts.safetensors", "logits", 17, value => value + 1e-3);

        Assert.Equal(
            ["model/admin/perturbed/float64/logits", "model/admin/perturbed/float32/logits"],
            recorded.Failures("model")
        );
    }

    [Fact]
    public void A_logit_by_less_than_float32_resolves()
    {
        using var recorded = new Recorded(Admin);
        recorded.Change("model/admin/perturbed.acts.safetensors", "logits", 17, value => value + 1e-6);

        Assert.Equal(["model/admin/perturbed/float64/logits"], recorded.Failures("model/admin/perturbed"));
    }

    [Fact]
    public void A_branch_which_is_named()
    {
        using var recorded = new Recorded(Admin);
        recorded.Change(
            "model/admin/perturbed.acts.safetensors",
            "decoder.layers.1.encoder_attn.branch",
            0,
            value => value + 0.01
        );

        var failed = Assert.Single(
            recorded.Verify("model/admin/perturbed/float64").Quantities,
            quantity => quantity.Verdict == Verdict.Fails
        );
        Assert.Equal("model/admin/perturbed/float64/sublayers", failed.Name);
        Assert.Contains("decoder.layers.1.encoder_attn.branch", failed.Detail, StringComparison.Ordinal);
        Assert.Equal(0.01, failed.Absolute!.Value, 1e-12);
    }

    [Fact]
    public void A_value_that_is_not_a_number()
    {
        using var recorded = new Recorded(Admin);
        recorded.Change("model/admin/perturbed.acts.safetensors", "encoder.output", 3, _ => double.NaN);

        var failed = Assert.Single(
            recorded.Verify("model/admin/perturbed/float64").Quantities,
            quantity => quantity.Verdict == Verdict.Fails
        );
        Assert.Equal(
            ("model/admin/perturbed/float64/encoder.output", null, null),
            (failed.Name, failed.Absolute, failed.Relative)
        );
        Assert.Contains(
            "\"fails\"",
            Json.Text(recorded.Verify("model/admin/perturbed/float64")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_gradient_which_is_named()
    {
        using var recorded = new Recorded(Admin);
        recorded.Change(
            "model/admin/perturbed.grads.safetensors",
            "encoder.layers.2.fc_ratio_change",
            5,
            value => value + 0.01
        );

        var failed = Assert.Single(
            recorded.Verify("model/admin/perturbed/float64").Quantities,
            quantity => quantity.Verdict == Verdict.Fails
        );
        Assert.Equal("model/admin/perturbed/float64/gradients", failed.Name);
        Assert.Contains("encoder.layers.2.fc_ratio_change", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void But_not_the_gradient_of_the_keys_bias()
    {
        const int Dim = 32;
        using var recorded = new Recorded(Admin);
        recorded.Change(
            "model/admin/perturbed.grads.safetensors",
            "encoder.layers.0.self_attn.in_proj_bias",
            Dim,
            value => value + 1
        );

        Assert.Empty(recorded.Failures("model/admin/perturbed/float64"));

        recorded.Change(
            "model/admin/perturbed.grads.safetensors",
            "encoder.layers.0.self_attn.in_proj_bias",
            Dim - 1,
            value => value + 1
        );

        Assert.Equal(["model/admin/perturbed/float64/gradients"], recorded.Failures("model/admin/perturbed/float64"));
    }

    [Fact]
    public void A_loss()
    {
        using var recorded = new Recorded(Admin);
        recorded.Change(
            "model/manifest.json",
            manifest => manifest["variants"]!["admin"]!["perturbed"]!["f64"]!["nll_sum"] = 148.0
        );

        Assert.Equal(
            ["model/admin/perturbed/float64/nll_sum", "model/admin/perturbed/float32/nll_sum"],
            recorded.Failures("model/admin/perturbed")
        );
    }

    [Fact]
    public void A_weight_changes_what_is_computed_from_it()
    {
        using var recorded = new Recorded(Admin);
        recorded.Change(
            "model/admin/perturbed.weights.safetensors",
            "decoder.layers.1.fc_ratio_change",
            0,
            value => value + 0.01
        );

        var failures = recorded.Failures("model/admin/perturbed/float64");
        Assert.Contains("model/admin/perturbed/float64/logits", failures);
        Assert.DoesNotContain("model/admin/perturbed/float64/encoder.output", failures);
    }

    [Fact]
    public void A_ratio()
    {
        using var recorded = new Recorded(Admin);
        var path = recorded.PathOf("model/admin/profile.ratio.init.float64run.txt");
        File.WriteAllText(
            path,
            File.ReadAllText(path).Replace("1.2376360590424145", "1.2376361590424145", StringComparison.Ordinal)
        );

        // The ratio follows from the variances of the sublayer before it.
        Assert.Equal(
            ["model/admin/profiling/float64/omega", "model/admin/profiling/float64/variances"],
            recorded.Failures("model/admin/profiling")
        );
    }

    [Fact]
    public void A_loss_of_an_update_which_is_named()
    {
        using var recorded = new Recorded([.. Admin, "model/postln", "optim"]);
        recorded.Change(
            "optim/manifest.json",
            manifest => manifest["runs"]!["radam_postln"]!["steps_float64run"]![6]!["loss_sum"] = 149.0
        );

        var failed = Assert.Single(
            recorded.Verify("optim/radam_postln").Quantities,
            quantity => quantity.Verdict == Verdict.Fails
        );
        Assert.Equal("optim/radam_postln/float64/loss_sum", failed.Name);
        Assert.Contains("update 7;", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_final_weight()
    {
        using var recorded = new Recorded([.. Admin, "optim"]);
        recorded.Change(
            "optim/radam_admin.final.safetensors",
            "decoder.layers.0.self_ratio_change",
            1,
            value => value + 1e-5
        );

        Assert.Equal(["optim/radam_admin/float64/final weights"], recorded.Failures("optim/radam_admin"));
    }

    [Fact]
    public void A_token_id()
    {
        using var recorded = new Recorded("decode");
        recorded.Change(
            "decode/postln.last.json",
            searches => searches[0]!["nbest_per_source_float64run"]![2]![0]!["tokens"]![1] = 40
        );

        const string Search = "beam_size=1 len_penalty=0.6 no_repeat_ngram_size=0/tokens";
        Assert.Equal(
            [$"decode/postln/float64/{Search}", $"decode/postln/float32/{Search}"],
            recorded.Failures("decode/postln/")
        );
    }

    [Fact]
    public void A_score_and_the_score_of_a_token()
    {
        using var recorded = new Recorded("decode");
        recorded.Change(
            "decode/preln.last.json",
            searches =>
            {
                searches[1]!["nbest_per_source_float64run"]![0]![0]!["score"] = -2.0;
                searches[6]!["nbest_per_source_float64run"]![5]![4]!["positional_scores"]![0] = -2.0;
            }
        );

        Assert.Equal(
            [
                "decode/preln/float64/beam_size=1 len_penalty=0.6 no_repeat_ngram_size=3/scores",
                "decode/preln/float64/beam_size=5 len_penalty=0.6 no_repeat_ngram_size=0/scores",
            ],
            recorded.Failures("decode/preln/float64")
        );
    }

    [Fact]
    public void The_last_bit_of_an_averaged_weight()
    {
        using var recorded = new Recorded("decode");
        recorded.Change(
            "decode/average/averaged.weights.safetensors",
            "encoder.layers.0.fc1.weight",
            9,
            value => MathF.BitIncrement((float)value)
        );

        Assert.Equal(Verdict.Fails, Assert.Single(recorded.Verify("decode/average").Quantities).Verdict);
    }

    [Theory]
    [InlineData("plot_variance.variance_log.json", "variance plot")]
    [InlineData("plot_gradient", "gradient norms")]
    [InlineData("plot_stability.random_sign_1e-4", "output change by random signs")]
    [InlineData("plot_stability.gradient_sign_1e-6", "output change by gradient signs")]
    [InlineData("exact_decomposition_our_own_not_reference", "decomposition")]
    public void A_value_of_the_analysis(string plot, string quantity)
    {
        using var recorded = new Recorded("model/manifest.json", "model/positions.safetensors", "analysis");
        recorded.Change(
            "analysis/analysis.json",
            analysis =>
            {
                var part = analysis["variants"]!["admin"]!["perturbed"]!["padded"]!["float64run"]!;
                part[plot] = JsonNode.Parse(AfterTheSixthDecimal().Replace(part[plot]!.ToJsonString(), "$1", 1));
            }
        );

        Assert.Equal(
            [$"analysis/admin/perturbed/padded/float64/{quantity}"],
            recorded.Failures("analysis/admin/perturbed/padded")
        );
    }

    [Fact]
    public void A_change_that_was_not_a_number()
    {
        using var recorded = new Recorded("model/manifest.json", "model/positions.safetensors", "analysis");
        recorded.Change(
            "analysis/analysis.json",
            analysis =>
                analysis["variants"]!["admin"]!["perturbed"]!["padded"]!["float64run"]![
                    "plot_stability.random_sign_1e-4"
                ]![0] = "0 nan"
        );

        Assert.Equal(
            [
                "analysis/admin/perturbed/padded/float64/output change by random signs",
                "analysis/admin/perturbed/padded/float32/output change by random signs",
            ],
            recorded.Failures("analysis/admin/perturbed/padded")
        );
    }

    [Fact]
    public void An_output_of_the_small_package()
    {
        using var recorded = new Recorded("admin_torch.json");
        recorded.Change("admin_torch.json", package => package["modules"]![3]!["output_for_x_and_fx"]![0]![2] = 0.5);

        Assert.Equal(["admin_torch/modules/output"], recorded.Failures("admin_torch"));
    }

    [GeneratedRegex(@"(\d\.\d{6})\d+")]
    private static partial Regex AfterTheSixthDecimal();
}
