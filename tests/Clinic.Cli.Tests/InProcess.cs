using System.Globalization;

namespace TransformerClinic.Cli.Tests;

/// <summary>
/// The command in the process of the tests: all of it except that process, its streams and its signals. A process of
/// its own (<see cref="ClinicProcess"/>) starts and compiles for longer than most tests take.
/// </summary>
internal static class InProcess
{
    /// <summary>
    /// Runs a command line. Tests may run side by side: each has its own output. Verbs that stream to standard output
    /// (translate, score-pairs) write past it.
    /// </summary>
    public static ClinicResult Run(params string[] arguments)
    {
        using var output = OwnConsole.Output.Capture();
        using var error = OwnConsole.Error.Capture();
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var exitCode = ClinicCommand.Run(arguments);
        return new ClinicResult(exitCode, output.Text, error.Text);
    }

    /// <summary>What <c>translate</c> writes for a text, from file to file.</summary>
    public static string Translate(string text, params string[] options)
    {
        using var folder = new TemporaryFolder();
        var output = folder.PathOf("output");
        var result = Run(["translate", .. options, "--input", folder.Write("input", text), "--output", output]);
        Assert.True(result.ExitCode == 0, result.Error);
        return File.ReadAllText(output);
    }
}
