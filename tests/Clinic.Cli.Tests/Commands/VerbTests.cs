using TransformerClinic.Cli.Commands;

namespace TransformerClinic.Cli.Tests.Commands;

/// <summary>What holds for every verb, so that none has to take care of it.</summary>
public class VerbTests
{
    private const string Source = "src/Clinic.Cli";

    [Fact]
    public void Every_class_of_a_verb_is_a_verb_of_the_command()
    {
        var classes = typeof(Verb)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Verb)) && !type.IsAbstract);
        var verbs = ClinicCommand.VerbsOf(ClinicCommand.Create());

        Assert.Equal(
            classes.Select(type => type.Name).Order(StringComparer.Ordinal),
            verbs.Select(verb => verb.GetType().Name).Order(StringComparer.Ordinal)
        );
        Assert.All(verbs, verb => Assert.NotEmpty(verb.Examples));
    }

    [Fact]
    public void The_last_option_of_every_verb_with_a_result_is_json()
    {
        var verbs = ClinicCommand.VerbsOf(ClinicCommand.Create()).OfType<ResultVerb>().ToList();

        Assert.True(verbs.Count > 10, "too few verbs with a result were found");
        Assert.All(verbs, verb => Assert.Equal("--json", verb.Options[^1].Name));
    }

    [Theory]
    [InlineData("Failures.Guard(", "ClinicCommand.cs", "ProcessesTogether.cs")]
    [InlineData("new StopSignals(", "Commands/Verb.cs")]
    [InlineData("PosixSignalRegistration.Create(", "StopSignals.cs")]
    [InlineData("Json.Text(", "Commands/ResultVerb.cs", "Output/TranslationWriter.cs")] // the latter as lines arrive
    [InlineData("SetAction(", "Commands/Verb.cs")]
    public void Failures_signals_and_json_each_have_one_place(string call, params string[] places) =>
        Assert.Equal(places, FilesWith(call));

    [Theory]
    [InlineData("Options", "Commands", "Output", "Prompt")]
    [InlineData("Output", "Commands", "Prompt")]
    [InlineData("Prompt", "Commands", "Options", "Output")]
    public void The_rooms_of_the_command_do_not_use_each_other_in_a_circle(string room, params string[] others) =>
        Assert.All(
            others,
            other =>
                Assert.DoesNotContain(
                    FilesWith($"using TransformerClinic.Cli.{other};"),
                    file => file.StartsWith($"{room}/", StringComparison.Ordinal)
                )
        );

    private static IReadOnlyList<string> FilesWith(string text)
    {
        var root = RepositoryRoot.PathOf(Source);
        var files = Directory
            .EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.True(files.Count > 40, "too few files were found");
        bool Holds(string file) => File.ReadAllText(Path.Combine(root, file)).Contains(text, StringComparison.Ordinal);
        return [.. files.Where(Holds)];
    }
}
