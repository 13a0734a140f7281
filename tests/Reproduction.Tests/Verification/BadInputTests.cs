using System.Text.Json.Nodes;
using TransformerClinic.Common;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;

namespace TransformerClinic.Reproduction.Tests.Verification;

/// <summary>A folder that cannot be read gives one message with the file's name.</summary>
[Trait("Speed", "Slow")]
public class BadInputTests
{
    private static readonly string[] Model =
    [
        "model/manifest.json",
        "model/batch.safetensors",
        "model/batch2.safetensors",
        "model/positions.safetensors",
        "model/postln",
    ];

    [Fact]
    public void A_folder_that_is_not_there_or_is_a_file()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains(
            "no such folder",
            Mistake(() => new ReferenceFolder(folder.PathOf("none"))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "this is a file",
            Mistake(() => new ReferenceFolder(folder.Write("file", "x"))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_folder_with_nothing_to_compare()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data/train.src", "a\n");

        Assert.Contains(
            "nothing to compare",
            Mistake(() => new ReferenceFolder(folder.FullName)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("model/postln/perturbed.weights.safetensors")]
    [InlineData("model/postln/perturbed.acts.safetensors")]
    [InlineData("model/postln/perturbed.grads.safetensors")]
    [InlineData("model/batch.safetensors")]
    [InlineData("model/positions.safetensors")]
    public void A_file_of_tensors_that_is_cut_short(string file)
    {
        using var recorded = new Recorded(Model);
        File.WriteAllBytes(recorded.PathOf(file), File.ReadAllBytes(recorded.PathOf(file))[..^5]);

        var message = Mistake(() => recorded.Verify("model"));
        Assert.Contains(recorded.PathOf(file), message, StringComparison.Ordinal);
        Assert.Contains("not a whole safetensors file", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model/manifest.json")]
    [InlineData("optim/manifest.json")]
    [InlineData("decode/manifest.json")]
    [InlineData("decode/postln.last.json")]
    [InlineData("metrics/metrics.json")]
    [InlineData("admin_torch.json")]
    public void A_JSON_file_that_is_cut_short(string file)
    {
        using var recorded = new Recorded([.. Model, "optim", "decode", "metrics", "admin_torch.json"]);
        File.WriteAllText(recorded.PathOf(file), File.ReadAllText(recorded.PathOf(file))[..^50]);

        var message = Mistake(() => recorded.Verify(file == "admin_torch.json" ? "admin_torch" : file.Split('/')[0]));
        Assert.Contains(recorded.PathOf(file), message, StringComparison.Ordinal);
        Assert.Contains("JSON", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model/manifest.json", "model")]
    [InlineData("model/batch2.safetensors", "optim/radam_accum2_postln")]
    [InlineData("decode/batch.safetensors", "decode")]
    [InlineData("decode/average/input2.weights.safetensors", "decode")]
    [InlineData("metrics/ref.txt", "metrics")]
    public void A_required_file_that_is_missing(string file, string only)
    {
        using var recorded = new Recorded([.. Model, "optim", "decode", "metrics"]);
        File.Delete(recorded.PathOf(file));

        Assert.Contains(
            $"{recorded.PathOf(file)}: there is no such file",
            Mistake(() => recorded.Verify(only)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_missing_optional_file_is_not_a_mistake()
    {
        using var recorded = new Recorded(Model);
        File.Delete(recorded.PathOf("model/postln/perturbed.acts.safetensors"));
        File.Delete(recorded.PathOf("model/postln/perturbed.grads.safetensors"));

        var report = recorded.Verify("model");
        Assert.Equal(0, report.Fail);
        Assert.Contains(report.Quantities, quantity => quantity.Name == "model/postln/perturbed/float64/loss_sum");
        Assert.DoesNotContain(
            report.Quantities,
            quantity => quantity.Name.EndsWith("/logits", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_ratio_that_is_not_a_number()
    {
        using var recorded = new Recorded([.. Model, "model/admin"]);
        File.AppendAllText(recorded.PathOf("model/admin/profile.ratio.init.float32run.txt"), "13 much\n");

        Assert.Contains(
            "float32run.txt, line 13: '13 much'",
            Mistake(() => recorded.Verify("model/admin")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_run_of_an_unknown_variant()
    {
        using var recorded = new Recorded([.. Model, "optim"]);
        recorded.Change("optim/manifest.json", manifest => manifest["runs"]!["adam_postln"]!["variant"] = "postnl");

        Assert.Contains("'postnl'", Mistake(() => recorded.Verify("optim")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("adam_betas", "\"much\"", "adam_betas is 'much'")]
    [InlineData("lr", "[]", "no learning rate")]
    [InlineData("warmup_updates", "\"ten\"", "JSON")]
    public void A_constant_of_a_run_that_is_invalid(string key, string value, string expected)
    {
        using var recorded = new Recorded([.. Model, "optim"]);
        recorded.Change(
            "optim/manifest.json",
            manifest => manifest["runs"]!["adam_postln"]!["hyper"]![key] = JsonNode.Parse(value)
        );

        Assert.Contains(expected, Mistake(() => recorded.Verify("optim/adam_postln")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_setting_of_the_search_is_not_yet_compared()
    {
        using var recorded = new Recorded("decode");
        recorded.Change("decode/postln.last.json", searches => searches[3]!["config"]!["diverse_beam_groups"] = 2);

        var quantity = Assert.Single(
            recorded.Verify("decode/postln/float64").Quantities,
            quantity => quantity.Verdict == Verdict.NotYet
        );
        Assert.Contains("diverse_beam_groups", quantity.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_variant_and_an_unknown_optimizer_are_not_yet_compared()
    {
        using var recorded = new Recorded([.. Model, "optim"]);
        recorded.Change(
            "model/manifest.json",
            manifest => manifest["variants"]!["postln"]!["reference_flags"]![1] = "highway"
        );
        recorded.Change(
            "optim/manifest.json",
            manifest => manifest["runs"]!["adam_postln"]!["optimizer"] = "adafactor"
        );

        Assert.Contains(
            recorded.Verify("model").Quantities,
            quantity =>
                quantity
                    is {
                        Name: "model/postln",
                        Verdict: Verdict.NotYet,
                        Detail: "the residual variant 'highway' is not implemented yet"
                    }
        );
        Assert.All(
            recorded.Verify("optim/adam_postln").Quantities,
            quantity => Assert.Equal(Verdict.NotYet, quantity.Verdict)
        );
    }

    private static string Mistake(Func<object> action) => Assert.Throws<UserErrorException>(action).Message;
}
