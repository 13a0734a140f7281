using TransformerClinic.Cli.Options;

namespace TransformerClinic.Cli.Tests;

/// <summary>What a command line may contain, for every verb.</summary>
[Trait("Speed", "Slow")]
public class CommandLineTests
{
    public static TheoryData<string, string> Numbers => Options(type => type == typeof(int) || type == typeof(double));

    public static TheoryData<string, string> Seeds => Options(type => type == typeof(long));

    public static TheoryData<string, string> Words => Options(type => type.IsEnum);

    [Fact]
    public void There_are_options_of_each_kind() =>
        Assert.True(
            Numbers.Count > 20 && Seeds.Count >= 3 && Words.Count >= 3,
            $"{Numbers.Count} {Seeds.Count} {Words.Count}"
        );

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_out_of_range_is_refused(string verb, string option)
    {
        if (option == "--min-score")
        {
            // A score is a mean log-probability: any number.
            Assert.Matches($"^{option} is .*, not NaN\\.$", Mistake(verb, option, "NaN"));
            return;
        }

        Assert.Matches($"^{option} is from [0-9].* to .*, not -1\\.$", Mistake(verb, option, "-1"));
        Assert.Matches(
            $"^{option} is (|a whole number |a number )from [0-9].* to .*, not 1e400\\.$",
            Mistake(verb, option, "1e400")
        );
        Assert.Matches($"^{option} is .*, not NaN\\.$", Mistake(verb, option, "NaN"));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    [MemberData(nameof(Seeds))]
    public void A_value_that_is_not_a_number_is_refused(string verb, string option) =>
        Assert.Matches($"^{option} is a (whole )?number from .* to .*, not many\\.$", Mistake(verb, option, "many"));

    [Theory]
    [MemberData(nameof(Words))]
    public void A_value_that_is_not_one_of_the_words_is_refused_even_a_number(string verb, string option)
    {
        Assert.Matches($"^{option} is one of [a-z].*, not 'nonsense'\\.$", Mistake(verb, option, "nonsense"));
        Assert.Matches($"^{option} is one of [a-z].*, not '0'\\.$", Mistake(verb, option, "0"));
    }

    [Theory]
    [InlineData("There is no verb 'trian'. Did you mean train?", "trian", "recipe.yaml", "--set", "seed=1")]
    [InlineData("There is no verb 'compareoutputs'. Did you mean compare-outputs?", "compareoutputs")]
    [InlineData("There is no verb 'xyzzy'.", "xyzzy")]
    [InlineData("import needs one more word: fairseq, marian.", "import")]
    [InlineData(
        "import does not know 'maran', but fairseq, marian. Did you mean marian?",
        "import",
        "maran",
        "-o",
        "m"
    )]
    [InlineData("There is no option '--ouput'. Did you mean --output?", "fold", "model", "--ouput", "folder")]
    [InlineData("There is no option '--ouput'. Did you mean --output?", "average", "--ouput", "folder", "run")]
    [InlineData("There is no option '--threds=2'. Did you mean --threads?", "translate", "--model", "m", "--threds=2")]
    public void A_misspelled_name_gets_the_nearest(string message, params string[] arguments) =>
        Assert.Equal(message, ParseMistakes.Of(ClinicCommand.Create().Parse(arguments))[0]);

    [Fact]
    public void A_mistake_is_reported_once_on_standard_error_with_exit_code_2()
    {
        var result = ClinicProcess.Run("trian", "recipe.yaml");

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Equal(
            "clinic: There is no verb 'trian'. Did you mean train?\nTry: clinic --help\n",
            result.Error.ReplaceLineEndings("\n")
        );
    }

    [Fact]
    public void Where_the_working_folder_has_been_removed_the_command_says_so()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // there a process's working folder cannot be removed
        }

        var folder = Directory.CreateTempSubdirectory("clinic-removed").FullName;
        string[] commands = ["train recipe.yaml", "translate --model model", "score --hyp a --ref b", "reproduce list"];
        foreach (var command in commands)
        {
            Directory.CreateDirectory(folder);
            var script = $"cd '{folder}' && rmdir '{folder}' && exec '{ClinicProcess.Program}' {command}";
            var result = ClinicProcess.Finish(ClinicProcess.Start("bash", ["-c", script]));

            Assert.Equal((2, ""), (result.ExitCode, result.Output));
            Assert.Equal(
                "clinic: The folder in which this command was started no longer exists. Change to one that does, for "
                    + "example: cd ~\n",
                result.Error
            );
        }
    }

    private static string Mistake(string verb, string option, string value) =>
        ParseMistakes
            .Of(ClinicCommand.Create().Parse([.. verb.Split(' '), option, value]))
            .First(message => message.Contains(option, StringComparison.Ordinal));

    private static TheoryData<string, string> Options(Func<Type, bool> isOfKind) =>
        [
            .. from verb in ClinicCommand.VerbsOf(ClinicCommand.Create())
            from option in verb.Options
            where isOfKind(Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType)
            select (ClinicCommand.Path(verb)["clinic ".Length..], option.Name),
        ];
}
