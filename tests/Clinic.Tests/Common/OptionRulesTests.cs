using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;
using TransformerClinic.Workflows.Diagnoses;
using TransformerClinic.Workflows.Foldings;

namespace TransformerClinic.Tests.Common;

/// <summary>Keys that do not fit each other are refused by what takes them, as they are in a recipe.</summary>
public sealed class OptionRulesTests
{
    private static readonly DataOptions Data = new() { Train = new("train.tsv"), Valid = new("valid.tsv") };

    private static readonly Dictionary<string, object> Wrong = new(StringComparer.Ordinal)
    {
        ["model.dim is 7; it must be even: half of a position's embedding are sines, half cosines."] = new ModelOptions
        {
            Dim = 7,
            Heads = 7,
        },
        ["model.dim is 512 and model.heads is 3: the heads must divide the dimension."] = new ModelOptions
        {
            Heads = 3,
        },
        ["training.schedule.learningRate is 0: nothing would be learned."] = new ScheduleOptions
        {
            LearningRate = 0,
            WarmUpFrom = 0,
        },
        ["training.schedule.warmUpFrom is 0.5 and training.schedule.learningRate is 0.0007: the warm-up must rise."] =
            new ScheduleOptions { WarmUpFrom = 0.5 },
        [
            "training.schedule.minLearningRate is 0.01 and training.schedule.learningRate is 0.0007: "
                + "the learning rate must not rise after its warm-up."
        ] = new ScheduleOptions { MinLearningRate = 0.01 },
        [
            "training.schedule.warmUpUpdates is 6000 and training.maxUpdates is 6000: "
                + "a cosine schedule needs updates after its warm-up."
        ] = new TrainingOptions
        {
            MaxUpdates = 6000,
            Schedule = new() { Name = ScheduleName.Cosine },
        },
        [
            "training.maxUpdates is 100000 and training.schedule.totalUpdates is 99999: after that the learning rate "
                + "of a linear schedule is 0, and nothing would be learned."
        ] = new TrainingOptions
        {
            Schedule = new() { Name = ScheduleName.Linear, TotalUpdates = 99_999 },
        },
        ["training.average is 6 and training.keepLast is 5: only checkpoints that are kept can be averaged."] =
            new TrainingOptions { Average = 6 },
        ["data.train is not set; it names the file with the training pairs. Ask the library."] = Data with
        {
            Train = ParallelFiles.None,
            Obtain = "Ask the library.",
        },
        ["data.train: a.de and a.en has the weight 0; a weight is above 0 and at most 1000."] = Data with
        {
            Train = new([new(["b.tsv"], 1000), new(["a.de", "a.en"], 0)]),
        },
        ["data.test: b.tsv has the weight 2.5, but only training text is weighted."] = Data with
        {
            Test = new([new(["a.tsv"]), new(["b.tsv"], 2.5)]),
        },
        ["data.valid is not set; it names the file with the validation pairs."] = Data with
        {
            Valid = ParallelFiles.None,
        },
        ["bleu.smoothingValue is 0.5 and bleu.smoothing is exponential: only floor and add-k smoothing have a value."] =
            new BleuOptions { SmoothingValue = 0.5 },
        ["diagnosis.seeds is empty: name one seed or more, or leave it out."] = new DiagnosisOptions
        {
            Subject = "no-such-recipe.yaml",
            Output = "diagnosis",
            Seeds = [],
        },
        [
            "folding.test and folding.source: name one of them. folding.test takes sentence pairs, folding.source only "
                + "source sentences."
        ] = new FoldOptions
        {
            Model = "no-such-model",
            Output = "folded",
            Test = new("test.tsv"),
            Source = "test.de",
        },
        [
            "name is 'a/b'; it names the run's folder, so it must begin with a letter or digit and hold only letters, "
                + "digits, dots, hyphens and underscores."
        ] = new Recipe { Name = "a/b", Data = Data },
        [
            "data.maxLength is 175 and model.maxPositions is 100: the model has no positions for the longest training "
                + "pairs."
        ] = new Recipe
        {
            Data = Data,
            Model = new() { MaxPositions = 100 },
        },
    };

    public static TheoryData<string> Messages => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Everything_that_takes_them_says_which_keys_do_not_fit(string message)
    {
        var options = Wrong[message];
        var uses = OptionUse.All.Where(use => use.Record == options.GetType()).ToList();

        Assert.NotEmpty(uses);
        Assert.All(
            uses,
            use => Assert.Equal(message, Assert.Throws<UserErrorException>(() => use.Take(options)).Message)
        );
    }

    [Fact]
    public void Rules_of_a_record_hold_inside_others()
    {
        var recipe = new Recipe
        {
            Data = Data,
            Training = new() { Schedule = new() { WarmUpFrom = 0.5 } },
        };

        Assert.StartsWith(
            "training.schedule.warmUpFrom is 0.5",
            Assert.Throws<UserErrorException>(() => OptionCheck.Valid(recipe, "")).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>A value of its own is judged first: a rule could not compute with heads of zero.</summary>
    [Fact]
    public void Single_keys_are_checked_before_rules() =>
        Assert.Equal(
            "model.heads is '0'; it must be a whole number from 1 to 1024.",
            Assert
                .Throws<UserErrorException>(() => OptionCheck.Valid(new ModelOptions { Heads = 0, Dim = 7 }, "model"))
                .Message
        );

    [Fact]
    public void A_beam_that_groups_do_not_divide_is_refused_by_the_search()
    {
        var use = OptionUse.All.Single(use => use.Record == typeof(DiverseBeam));

        Assert.StartsWith(
            "A beam of 4 hypotheses cannot be split into 3 ",
            Assert.Throws<UserErrorException>(() => use.Take(new DiverseBeam { Groups = 3 })).Message,
            StringComparison.Ordinal
        );
    }
}
