using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Workflows;

namespace TransformerClinic.Tests.Workflows.FineTuning;

/// <summary>
/// Runs that began from a model and are given again: what they still need of it, and what is refused.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class FineTuningResumeTests(TrainedTinyRecipe trained) : IDisposable
{
    private readonly TunedRecipe _tuned = new(trained);

    public void Dispose() => _tuned.Dispose();

    [Fact]
    public void Stopped_after_any_update_it_ends_with_the_same_bytes_though_the_model_is_gone()
    {
        var whole = _tuned.Run(_tuned.Recipe, "whole").Left;
        foreach (
            var cuts in (int[][])
                [
                    [1],
                    [6],
                    [1, 2, 3, 4, 5, 6, 7, 8, 9],
                ]
        )
        {
            var name = $"cut-{cuts[0]}-{cuts.Length}";
            using (var stopping = new StoppingConsole(cuts[0]))
            {
                Assert.Null(new TrainingRun(_tuned.Recipe, _tuned.PathOf(name), stopping).Run(stopping.Stop));
            }

            Directory.Move(_tuned.PathOf("base"), _tuned.PathOf("gone"));
            var difference = RunFingerprint.Difference(whole, _tuned.Run(_tuned.Recipe, name, cuts[1..]).Left);
            Assert.True(difference is null, $"stopped {cuts.Length} times, first after update {cuts[0]}: {difference}");
            Directory.Move(_tuned.PathOf("gone"), _tuned.PathOf("base"));
        }
    }

    [Fact]
    public void Killed_before_its_first_checkpoint_it_begins_again_from_the_same_model()
    {
        var whole = _tuned.Run(_tuned.Recipe, "whole").Left;
        _tuned.BeginOnly(_tuned.Recipe, "killed");

        Assert.Null(RunFingerprint.Difference(whole, _tuned.Run(_tuned.Recipe, "killed").Left));
    }

    [Fact]
    public void Killed_before_its_first_checkpoint_it_needs_the_model_and_takes_no_other()
    {
        _tuned.BeginOnly(_tuned.Recipe, "killed");
        var trained = ContentHash.OfFile(_tuned.PathOf("base/model/model.safetensors"));
        _tuned.Run(_tuned.Base with { Training = _tuned.Base.Training with { MaxUpdates = 16 } }, "base");

        var changed = _tuned.Mistake(_tuned.Recipe, "killed");
        Assert.Contains(
            $"with the weights of SHA-256 {trained[..12]}, and has no checkpoint yet; the model",
            changed,
            StringComparison.Ordinal
        );
        Assert.Contains("Put the model back, or begin again in another run folder.", changed, StringComparison.Ordinal);

        Directory.Delete(_tuned.PathOf("base"), recursive: true);
        Assert.Contains(
            "this run has no checkpoint yet, so it needs the model that it began from. training.from: ",
            _tuned.Mistake(_tuned.Recipe, "killed"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_that_was_moved_or_trained_on_is_the_same_beginning_and_another_is_none()
    {
        _tuned.Begin(_tuned.Recipe, "run");
        _tuned.Run(_tuned.Base with { Seed = 9 }, "other");

        var mistake = _tuned.Mistake(_tuned.From("other"), "run");
        Assert.Contains($"this run began from {_tuned.PathOf("base")} (SHA-256 ", mistake, StringComparison.Ordinal);
        Assert.Contains(
            $"training.from is now {_tuned.PathOf("other")}, another model (SHA-256 ",
            mistake,
            StringComparison.Ordinal
        );
        Assert.Equal(_tuned.PathOf("base"), RecipeReader.Read(_tuned.PathOf("run/recipe.yaml"), []).Training.From);

        Directory.Move(_tuned.PathOf("base"), _tuned.PathOf("moved"));
        _tuned.Run(
            _tuned.From("moved") with
            {
                Training = _tuned.From("moved").Training with { MaxUpdates = 4 },
            },
            "run"
        );
        var (_, said) = _tuned.Run(_tuned.From("nowhere"), "run");
        Assert.Contains(
            said,
            line =>
                line.Contains(
                    "nowhere, where there is no model; this run began from base/model (",
                    StringComparison.Ordinal
                )
        );

        _tuned.Run(_tuned.Base with { Training = _tuned.Base.Training with { MaxUpdates = 16 } }, "moved");
        var longer = _tuned.Recipe with { Training = _tuned.Recipe.Training with { MaxUpdates = 12 } };
        Directory.Move(_tuned.PathOf("moved"), _tuned.PathOf("base"));
        _tuned.Run(longer, "run");
    }

    [Fact]
    public void A_run_from_initial_weights_does_not_turn_into_one_from_a_model_nor_back()
    {
        _tuned.Begin(_tuned.Recipe, "run");

        Assert.Contains(
            $"the run in this folder began from the model {_tuned.PathOf("base")}, and training.from is not set now",
            _tuned.Mistake(_tuned.Recipe with { Training = _tuned.Recipe.Training with { From = "" } }, "run"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"began from initial weights, and training.from is now {_tuned.PathOf("base")}",
            _tuned.Mistake(_tuned.Recipe, "base"),
            StringComparison.Ordinal
        );
    }
}
