using System.Diagnostics;

namespace TransformerClinic.Documents.Tests.Formats;

/// <summary>Programs of others that read what was translated. Tests that need one are skipped where it is not
/// installed.</summary>
internal static class OtherProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>What a program writes to its standard output.</summary>
    /// <param name="name">The program.</param>
    /// <param name="package">The package of Debian that has it.</param>
    /// <param name="arguments">Its arguments.</param>
    public static string Output(string name, string package, params string[] arguments)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        if (found is null)
        {
            Assert.Skip($"{name} is not installed (Debian: {package}).");
        }

        using var process = Process.Start(
            new ProcessStartInfo(found, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{name} did not end within {Patience}.");
        }

        Assert.True(process.ExitCode == 0, $"{name}: exit code {process.ExitCode}: {error.Result}");
        return output.Result;
    }
}
