using System.Diagnostics;
using System.Globalization;

namespace TransformerClinic.Cli.Tests;

/// <summary>
/// The command in pipelines, with named pipes, with closed streams, and with programs that do nothing.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class StandardStreamsTests(TrainedTinyRun trained) : IDisposable
{
    private const string Text = "eins\nzwei drei\nvier\n";

    private readonly TemporaryFolder _folder = new();

    /// <summary>Makes permissions apply to root, too.</summary>
    private static string Unprivileged =>
        Environment.IsPrivilegedProcess ? "setpriv --bounding-set=-dac_override " : "";

    private string Translate => $"'{ClinicProcess.Program}' translate --model '{trained.Run}' --beam 1";

    [Theory]
    [InlineData("{0} < text")]
    [InlineData("{0} --input <(cat text)")]
    [InlineData("{0} --input /dev/stdin < text")]
    [InlineData("cat text | {0} --input /dev/stdin")]
    [InlineData("cat text > pipe & {0} --input pipe")]
    [InlineData("gzip < text | {0}")]
    [InlineData("gzip < text > text.gz && {0} --input text.gz")]
    [InlineData("{0} --input text --output pipe & cat pipe")]
    [InlineData("{0} --input text --output >(cat > copy); while [ ! -s copy ]; do sleep 0.1; done; cat copy")]
    [InlineData("{0} --input text --output /dev/stdout | cat")]
    [InlineData("{0} --input text 2>&-")]
    [InlineData("ln -s real link; touch real; {0} --input text --output link; [ -L link ] && cat real")]
    public void Text_is_read_from_and_written_to_wherever_the_user_says(string script)
    {
        SkipOnWindows();
        var expected = InProcess.Translate(Text, "--model", trained.Run, "--beam", "1");
        Assert.Equal(3, expected.Count(c => c == '\n'));

        var result = Shell(script);

        Assert.Equal((0, expected), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData("{0} <&-", "standard input is closed")]
    [InlineData("{0} < .", "standard input is a folder")]
    [InlineData("{0} < text >&-", "standard output is closed")]
    [InlineData("{1} score --hyp text --ref text >&-", "standard output is closed")]
    [InlineData("{0} --input text --output none/text", "there is no folder")]
    [InlineData("{0} --input text --output .", "this is a folder")]
    [InlineData("{0} --input text --output text/more", "is a file")]
    [InlineData("{0} --input text --output ''", "no name")]
    [InlineData(
        "cp text locked; chmod 444 locked; {4}{0} --input text --output locked && cmp text locked",
        "Access to the path"
    )]
    public void A_place_that_cannot_be_read_or_written_is_a_user_mistake(string script, string expected)
    {
        SkipOnWindows();

        var result = Shell(script);

        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    [Theory]
    [InlineData("yes eins 2> /dev/null | {0} | head -n 2")]
    [InlineData("yes eins 2> /dev/null | {0} --json | head -n 2")]
    [InlineData("{1} --help | (exec <&-; sleep 2)")]
    public void A_reader_that_disappears_ends_the_command_silently(string script)
    {
        SkipOnWindows();

        var result = Shell(script + "; exit ${{PIPESTATUS[-2]}}");

        Assert.Equal((141, ""), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("{0} --input pipe")]
    [InlineData("{0} --input text --output pipe")]
    [InlineData("sleep 300 > pipe & {0} --input pipe; code=$?; kill %1; (exit $code)")]
    [InlineData("sleep 300 > pipe & {0} < pipe; code=$?; kill %1; (exit $code)")]
    [InlineData("sleep 300 < pipe & {0} --input long > pipe; code=$?; kill %1; (exit $code)")]
    [InlineData("{1} evaluate --model '{2}' --pairs pipe")]
    [InlineData(
        "sleep 300 < pipe & {1} score-pairs --model '{2}' --pairs many --json > pipe; "
            + "code=$?; kill %1; (exit $code)"
    )]
    [InlineData("{1} train '{3}' --run run --set data.train=\"$PWD/pipe\"")]
    public void One_signal_ends_a_command_that_waits_for_another_program(string script)
    {
        SkipOnWindows();
        File.WriteAllLines(_folder.PathOf("long"), Enumerable.Repeat("eins zwei drei vier", 30_000));
        File.WriteAllLines(_folder.PathOf("many"), Enumerable.Repeat("eins zwei drei\tone two three", 500));
        using var process = Start(script + "; echo ended $?");
        var command = Child(process);

        // Until it waits; if this is too short, obeying the signal is only easier.
        Thread.Sleep(TimeSpan.FromSeconds(3));
        ClinicProcess.Signal(command, "TERM");

        Assert.True(command.WaitForExit(TimeSpan.FromMinutes(1)), "it goes on waiting");

        command.Dispose();
        Assert.Matches("ended (130|143)", ClinicProcess.Finish(process).Output);
    }

    public void Dispose() => _folder.Dispose();

    private static void SkipOnWindows() =>
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has neither bash nor named pipes in folders.");

    private ClinicResult Shell(string script)
    {
        using var process = Start(script);
        return ClinicProcess.Finish(process);
    }

    /// <summary>A script in a folder with the file <c>text</c> and the named pipe <c>pipe</c>.</summary>
    private Process Start(string script)
    {
        File.WriteAllText(_folder.PathOf("text"), Text);
        if (!File.Exists(_folder.PathOf("pipe")))
        {
            NamedPipe.Make(_folder.PathOf("pipe"));
        }

        var filled = string.Format(
            CultureInfo.InvariantCulture,
            script,
            Translate,
            $"'{ClinicProcess.Program}'",
            trained.Run,
            trained.PathOf("tiny.yaml"),
            Unprivileged
        );
        return ClinicProcess.Start("bash", ["-c", $"cd '{_folder.FullName}' || exit\n{filled}"]);
    }

    /// <summary>The command that a script has started.</summary>
    private static Process Child(Process script)
    {
        for (var i = 0; i < 600; i++)
        {
            var running = Process.GetProcessesByName("clinic");
            if (running.FirstOrDefault(process => ParentOf(process) == script.Id) is { } found)
            {
                return found;
            }

            Thread.Sleep(50);
        }

        throw new InvalidOperationException("The script did not start the command.");
    }

    private static int ParentOf(Process process)
    {
        try
        {
            var fields = File.ReadAllText($"/proc/{process.Id}/stat");
            return int.Parse(fields[(fields.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    }
}
