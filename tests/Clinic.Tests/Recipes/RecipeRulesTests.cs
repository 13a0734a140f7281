namespace TransformerClinic.Tests.Recipes;

public sealed class RecipeRulesTests
{
    [Theory]
    [InlineData(
        "model.dim=7",
        "model.dim is 7; it must be even: half of a position's embedding are sines, half cosines."
    )]
    [InlineData("model.heads=3", "model.dim is 512 and model.heads is 3: the heads must divide the dimension.")]
    [InlineData(
        "model.maxPositions=100",
        "data.maxLength is 175 and model.maxPositions is 100: the model has no positions for the longest training "
            + "pairs."
    )]
    [InlineData(
        "training.average=6",
        "training.average is 6 and training.keepLast is 5: only checkpoints that are kept can be averaged."
    )]
    [InlineData("training.schedule.learningRate=0", "training.schedule.learningRate is 0: nothing would be learned.")]
    [InlineData(
        "training.schedule.warmUpFrom=0.5",
        "training.schedule.warmUpFrom is 0.5 and training.schedule.learningRate is 0.0007: the warm-up must rise."
    )]
    [InlineData(
        "training.schedule.minLearningRate=0.01",
        "training.schedule.minLearningRate is 0.01 and training.schedule.learningRate is 0.0007: the learning rate "
            + "must not rise after its warm-up."
    )]
    [InlineData("data.train=", "data.train is not set; it names the file with the training pairs.")]
    [InlineData("data.valid=", "data.valid is not set; it names the file with the validation pairs.")]
    [InlineData("name=", "name is ''; it names the run's folder, so")]
    [InlineData("name=..", "name is '..'; it names the run's folder, so")]
    [InlineData("name=a/b", "name is 'a/b'; it names the run's folder, so")]
    [InlineData("name=a?", "name is 'a?'; it names the run's folder, so")]
    public void Keys_that_do_not_fit_each_other_are_named(string setting, string message) =>
        Assert.StartsWith("r.yaml: " + message, RecipeFile.Error(RecipeFile.Data, setting), StringComparison.Ordinal);

    [Theory]
    [InlineData("linear")]
    [InlineData("cosine")]
    [InlineData("polynomial")]
    public void A_schedule_that_ends_at_the_last_update_needs_updates_after_its_warm_up(string name)
    {
        var schedule = $"training.schedule.name={name}";

        Assert.Equal(
            $"r.yaml: training.schedule.warmUpUpdates is 50 and training.maxUpdates is 50: a {name} schedule needs "
                + "updates after its warm-up.",
            RecipeFile.Error(RecipeFile.Data, schedule, "training.schedule.warmUpUpdates=50", "training.maxUpdates=50")
        );
        Assert.Equal(
            51,
            RecipeFile
                .Read("", schedule, "training.schedule.warmUpUpdates=50", "training.maxUpdates=51")
                .Training.MaxUpdates
        );
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("cosine")]
    [InlineData("polynomial")]
    public void A_training_may_end_before_its_schedule_but_not_go_on_without_a_learning_rate(string name)
    {
        string[] Settings(int warmUp, int last) =>
            [
                $"training.schedule.name={name}",
                $"training.schedule.warmUpUpdates={warmUp}",
                "training.schedule.totalUpdates=50",
                $"training.maxUpdates={last}",
            ];

        Assert.Equal(10, RecipeFile.Read("", Settings(warmUp: 20, last: 10)).Training.MaxUpdates);
        Assert.Equal(
            $"r.yaml: training.maxUpdates is 51 and training.schedule.totalUpdates is 50: after that the learning rate "
                + $"of a {name} schedule is 0, and nothing would be learned.",
            RecipeFile.Error(RecipeFile.Data, Settings(warmUp: 20, last: 51))
        );
        Assert.Equal(
            $"r.yaml: training.schedule.warmUpUpdates is 50 and training.schedule.totalUpdates is 50: a {name} "
                + "schedule needs updates after its warm-up.",
            RecipeFile.Error(RecipeFile.Data, Settings(warmUp: 50, last: 10))
        );
    }

    [Fact]
    public void A_training_may_go_on_with_the_learning_rate_that_its_schedule_ends_with() =>
        Assert.Equal(
            51,
            RecipeFile
                .Read(
                    "",
                    "training.schedule.name=cosine",
                    "training.schedule.warmUpUpdates=20",
                    "training.schedule.totalUpdates=50",
                    "training.schedule.minLearningRate=1e-5",
                    "training.maxUpdates=51"
                )
                .Training.MaxUpdates
        );

    [Theory]
    [InlineData("inverse-sqrt")]
    [InlineData("plateau")]
    public void Other_schedules_may_end_during_their_warm_up(string name) =>
        Assert.Equal(
            50,
            RecipeFile.Read("", $"training.schedule.name={name}", "training.maxUpdates=50").Training.MaxUpdates
        );

    [Fact]
    public void The_message_about_missing_data_says_how_to_obtain_it() =>
        Assert.Equal(
            "r.yaml: data.train is not set; it names the file with the training pairs. Fetch it from the library.",
            RecipeFile.Error(RecipeFile.Data, "data.train=", "data.obtain=Fetch it from the library.")
        );
}
