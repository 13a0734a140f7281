using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Recipes;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private static readonly Recipe Begun = new()
    {
        Name = "r",
        Data = new DataOptions
        {
            Train = new(Path.GetFullPath("train.tsv")),
            Valid = new(Path.GetFullPath("valid.tsv")),
        },
    };

    private readonly TemporaryFolder _folder = new();

    private string Run => _folder.PathOf("runs/r");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_folder_holds_the_recipe_as_it_was_resolved()
    {
        using var folder = RunFolder.Open(Run, Begun);

        Assert.Equal(Path.Combine(Run, "recipe.yaml"), folder.Recipe);
        Assert.Equal(Begun, RecipeReader.Read(folder.Recipe, []));
    }

    [Fact]
    public void A_folder_is_vanishing_when_its_log_has_gone_or_a_file_in_it_that_was_being_written()
    {
        using var folder = RunFolder.Open(Run, Begun);
        File.WriteAllText(folder.Log, "");

        Assert.False(folder.IsVanishing(new IOException($"No space left on device : '{folder.Log}'")));
        Assert.False(folder.IsVanishing(new FileNotFoundException("Could not find file '/elsewhere'.")));
        Assert.True(
            folder.IsVanishing(
                new FileNotFoundException(
                    $"Could not find file '{folder.Checkpoints}/.update-000009.tmp/.state.json.tmp'."
                )
            )
        );
        Assert.True(
            folder.IsVanishing(
                new DirectoryNotFoundException(
                    $"Could not find a part of the path '{folder.Checkpoints}/.update-000009.tmp'."
                )
            )
        );

        File.Delete(folder.Log);
        Assert.True(folder.IsVanishing(new IOException("Directory not empty")));
    }

    [Fact]
    public void A_run_resumes_with_its_own_recipe()
    {
        RunFolder.Open(Run, Begun).Dispose();
        RunFolder.Open(Run, Begun).Dispose();

        Assert.Equal(Begun, RecipeReader.Read(Path.Combine(Run, "recipe.yaml"), []));
    }

    [Fact]
    public void A_run_resumes_for_longer_on_another_device_with_moved_files_and_another_beam()
    {
        RunFolder.Open(Run, Begun).Dispose();
        var now = Begun with
        {
            Name = "s",
            Threads = 7,
            Data = Begun.Data with { Train = new(Path.GetFullPath("moved.tsv")) },
            Training = Begun.Training with
            {
                MaxUpdates = 7,
                MaxMinutes = 7,
                KeepLast = 7,
                Average = 7,
                LogEvery = 7,
                StatisticsEvery = 7,
                DiagnoseEvery = 7,
                ValidateEvery = 7,
                Patience = 7,
            },
            Decoding = Begun.Decoding with { Beam = 7 },
        };

        using var folder = RunFolder.Open(Run, now);

        Assert.Equal(now, RecipeReader.Read(folder.Recipe, []));
    }

    [Fact]
    public void Another_recipe_is_refused_with_the_keys_that_differ_and_the_folder_stays_as_it_was()
    {
        RunFolder.Open(Run, Begun).Dispose();
        var other = Begun with
        {
            Seed = 2,
            Model = Begun.Model with
            {
                Dropout = 0.3,
                Encoder = new() { Variant = ResidualVariant.PreLn },
            },
        };

        var message = Assert.Throws<UserErrorException>(() => RunFolder.Open(Run, other)).Message;

        Assert.Equal(
            $"{Run}: this folder holds a run of another recipe: seed was 1 and is now 2; model.encoder.variant was "
                + "admin and is now pre-ln; "
                + "model.dropout was 0.1 and is now 0.3. Remove this one, or name another folder.",
            message
        );
        Assert.Equal(Begun, RecipeReader.Read(Path.Combine(Run, "recipe.yaml"), []));
    }

    [Theory]
    [InlineData(ScheduleName.Linear)]
    [InlineData(ScheduleName.Cosine)]
    [InlineData(ScheduleName.Polynomial)]
    public void The_end_of_a_schedule_that_ends_with_training_cannot_be_moved(ScheduleName name)
    {
        var begun = Begun with { Training = Begun.Training with { Schedule = new() { Name = name } } };
        RunFolder.Open(Run, begun).Dispose();

        var message = Assert
            .Throws<UserErrorException>(() =>
                RunFolder.Open(Run, begun with { Training = begun.Training with { MaxUpdates = 200_000 } })
            )
            .Message;

        Assert.Contains("training.maxUpdates was 100000 and is now 200000.", message, StringComparison.Ordinal);
        RunFolder.Open(Run, begun with { Training = begun.Training with { ValidateEvery = 7 } }).Dispose();
    }

    [Fact]
    public void The_end_of_training_can_be_moved_where_the_schedule_has_a_total_of_its_own()
    {
        var schedule = new ScheduleOptions { Name = ScheduleName.Linear, TotalUpdates = 300_000 };
        var begun = Begun with { Training = Begun.Training with { Schedule = schedule } };
        RunFolder.Open(Run, begun).Dispose();
        RunFolder.Open(Run, begun with { Training = begun.Training with { MaxUpdates = 200_000 } }).Dispose();

        var other = begun.Training with { Schedule = schedule with { TotalUpdates = 400_000 } };
        var message = Assert
            .Throws<UserErrorException>(() => RunFolder.Open(Run, begun with { Training = other }))
            .Message;
        Assert.Contains(
            "training.schedule.totalUpdates was 300000 and is now 400000.",
            message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_validations_of_a_plateau_schedule_cannot_be_moved_but_its_end_can()
    {
        var begun = Begun with { Training = Begun.Training with { Schedule = new() { Name = ScheduleName.Plateau } } };
        RunFolder.Open(Run, begun).Dispose();

        var message = Assert
            .Throws<UserErrorException>(() =>
                RunFolder.Open(Run, begun with { Training = begun.Training with { ValidateEvery = 7 } })
            )
            .Message;

        Assert.Contains("training.validateEvery was 500 and is now 7.", message, StringComparison.Ordinal);
        RunFolder.Open(Run, begun with { Training = begun.Training with { MaxUpdates = 7 } }).Dispose();
    }

    [Fact]
    public void Neither_the_moving_average_nor_the_schedule_can_be_changed_amid_a_run()
    {
        RunFolder.Open(Run, Begun).Dispose();
        var other = Begun with
        {
            Training = Begun.Training with
            {
                Ema = 0.999,
                Schedule = new()
                {
                    MinLearningRate = 1e-5,
                    Power = 2,
                    Factor = 0.5,
                    Patience = 3,
                },
            },
        };

        var message = Assert.Throws<UserErrorException>(() => RunFolder.Open(Run, other)).Message;

        Assert.Contains(
            "training.schedule.minLearningRate was 0 and is now 1E-05; training.schedule.power was 1 and is now 2; "
                + "training.schedule.factor was 0.1 and is now 0.5; training.schedule.patience was 1 and is now 3; "
                + "training.ema was 0 and is now 0.999.",
            message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Two_cannot_work_in_one_folder()
    {
        using var first = RunFolder.Open(Run, Begun);

        var message = Assert.Throws<UserErrorException>(() => RunFolder.Open(Run, Begun)).Message;

        Assert.StartsWith(
            $"{Run}: another process is working in this run folder (process {Environment.ProcessId} on ",
            message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_lock_file_that_nobody_holds_is_no_obstacle()
    {
        RunFolder.Open(Run, Begun).Dispose();
        _folder.Write("runs/r/.lock", "left behind by a process that was killed");

        RunFolder.Open(Run, Begun).Dispose();
    }

    [Fact]
    public void A_refused_recipe_leaves_the_folder_unlocked()
    {
        RunFolder.Open(Run, Begun).Dispose();
        Assert.Throws<UserErrorException>(() => RunFolder.Open(Run, Begun with { Seed = 2 }));

        RunFolder.Open(Run, Begun).Dispose();
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/r")]
    public void A_file_in_the_way_is_named(string run)
    {
        _folder.Write("file", "");

        var message = Assert.Throws<UserErrorException>(() => RunFolder.Open(_folder.PathOf(run), Begun)).Message;

        Assert.StartsWith($"{_folder.PathOf(run)}: ", message, StringComparison.Ordinal);
        Assert.Contains("is a file", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_other_files_is_left_alone()
    {
        _folder.Write("runs/r/letter.txt", "Dear");

        var message = Assert.Throws<UserErrorException>(() => RunFolder.Open(Run, Begun)).Message;

        Assert.Contains(
            "this folder holds other files (letter.txt, for one) and no recipe.yaml",
            message,
            StringComparison.Ordinal
        );
        Assert.Equal([_folder.PathOf("runs/r/letter.txt")], Directory.GetFileSystemEntries(Run));
    }

    [Fact]
    public void A_folder_that_may_not_be_written_to_is_refused()
    {
        Assert.SkipUnless(Unprivileged.IsPossible, "Whoever may do everything is refused nothing.");

        Unprivileged.Run(place =>
        {
            using var locked = Unprivileged.ReadOnly(place);

            var message = Assert
                .Throws<UserErrorException>(() => RunFolder.Open(Path.Combine(place, "r"), Begun))
                .Message;

            Assert.Contains("the run folder may not be written to", message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Data_that_changed_since_the_run_was_begun_is_refused_with_the_files_that_changed()
    {
        using var folder = RunFolder.Open(Run, Begun);
        folder.KeepData(Record(("train", "aa", [("t.tsv", "1")]), ("valid", "bb", [("v.tsv", "2")])));
        folder.KeepData(
            Record(
                ("train", "aa", [("t.tsv", "1")]),
                ("valid", "bb", [("v.tsv", "2")]),
                ("test", "cc", [("x.de", "3"), ("x.en", "4")])
            )
        );

        Assert.Equal(
            "data.valid (v.tsv); data.test (x.en)",
            Changes(
                ("train", "aa", [("t.tsv", "1")]),
                ("valid", "xx", [("v.tsv", "9")]),
                ("test", "yy", [("x.de", "3"), ("x.en", "9")])
            )
        );
        Assert.Equal(
            "data.train (t.tsv); the files of data.valid and data.test are the same, but the subwords are learned "
                + "from data.train, so the ids changed with it",
            Changes(
                ("train", "xx", [("t.tsv", "9")]),
                ("valid", "xx", [("moved.tsv", "2")]),
                ("test", "yy", [("x.de", "3"), ("x.en", "4")])
            )
        );
        Assert.Equal(
            "the files of data.test are the same, but give other examples: they are named in another order, or "
                + "another version of the program prepares them",
            Changes(
                ("train", "aa", [("t.tsv", "1")]),
                ("valid", "bb", [("v.tsv", "2")]),
                ("test", "yy", [("x.de", "3"), ("x.en", "4")])
            )
        );

        string Changes(params (string Set, string Ids, (string Path, string Hash)[] Files)[] sets)
        {
            var message = Assert.Throws<UserErrorException>(() => folder.KeepData(Record(sets))).Message;
            var before = $"{Run}: the data has changed since this run was begun: ";
            Assert.StartsWith(before, message, StringComparison.Ordinal);
            const string After = ". Put the old files back, name another run folder, or remove this one.";
            Assert.EndsWith(After, message, StringComparison.Ordinal);
            return message[before.Length..^After.Length];
        }
    }

    [Fact]
    public void Files_that_were_moved_or_written_anew_with_the_same_examples_and_a_set_left_out_are_no_change()
    {
        using var folder = RunFolder.Open(Run, Begun);
        folder.KeepData(
            Record(
                ("train", "aa", [("t.tsv", "1")]),
                ("valid", "bb", [("v.tsv", "2")]),
                ("test", "cc", [("x.tsv", "3")])
            )
        );
        folder.KeepData(Record(("train", "aa", [("moved.tsv", "1")]), ("valid", "bb", [("v.tsv", "9")])));
        Assert.Equal(["train", "valid"], folder.ReadData().Ids.Keys);
    }

    [Fact]
    public void A_record_of_an_earlier_version_whose_ledger_speaks_of_shortened_lines_is_read()
    {
        using var folder = RunFolder.Open(Run, Begun);
        File.WriteAllText(
            folder.Data,
            """
            { "files": { "train": { "t.tsv": "1" } }, "ids": { "train": "aa" }, "ledgers": [
              { "shortened": [ { "reason": "longer than 8 subwords", "count": 1, "firstLines": [ 2 ] } ],
                "set": "test", "read": 2, "kept": 2, "dropped": [] } ] }
            """
        );

        folder.KeepData(Record(("train", "aa", [("t.tsv", "1")])));

        Assert.DoesNotContain("shortened", File.ReadAllText(folder.Data), StringComparison.Ordinal);
    }

    [Fact]
    public void The_documentation_names_every_file()
    {
        using var folder = RunFolder.Open(Run, Begun);
        var text = File.ReadAllText(RepositoryRoot.PathOf("docs", "run-folder.md"));

        var files = typeof(RunFolder)
            .GetProperties()
            .Select(property => (string)property.GetValue(folder)!)
            .Where(path => path != folder.Path)
            .ToList();

        Assert.NotEmpty(files);
        Assert.All(files, path => Assert.Contains("`" + Path.GetFileName(path), text, StringComparison.Ordinal));
    }

    private static DataRecord Record(params (string Set, string Ids, (string Path, string Hash)[] Files)[] sets) =>
        new(
            sets.ToDictionary(
                set => set.Set,
                set =>
                    (IReadOnlyDictionary<string, string>)
                        set.Files.ToDictionary(file => file.Path, file => file.Hash, StringComparer.Ordinal),
                StringComparer.Ordinal
            ),
            sets.ToDictionary(set => set.Set, set => set.Ids, StringComparer.Ordinal),
            [new Ledger("train", 1, 1, [])]
        );
}
