using System.Diagnostics;
using System.Globalization;
using System.Reflection.PortableExecutable;

namespace TransformerClinic.Cli.Tests;

/// <summary>What a process of the command loads: libtorch takes most of a second and most of the memory.</summary>
[Trait("Speed", "Slow")]
public sealed class StartTests(TrainedTinyRun tiny)
{
    [Theory]
    [InlineData("fp32")]
    [InlineData("bf16")]
    [InlineData("int8")]
    public void Translating_on_the_processor_does_not_load_libtorch(string precision) =>
        Assert.DoesNotContain(LoadedWhileTranslating("--precision", precision, "--scores"), IsOfLibtorch);

    [Fact]
    public void Alignments_load_it_so_that_this_test_would_see_it() =>
        Assert.Contains(LoadedWhileTranslating("--align"), IsOfLibtorch);

    [Theory]
    [InlineData("clinic.dll")]
    [InlineData("TransformerClinic.dll")]
    [InlineData("TransformerClinic.Residuals.dll")]
    [InlineData("System.CommandLine.dll")]
    public void A_release_build_is_compiled_ahead_of_time(string assembly)
    {
#if DEBUG
        Assert.Skip("A Debug build is not.");
#endif
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("CompileAhead") == "false",
            "CompileAhead=false in the environment left it out."
        );
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly));
        using var reader = new PEReader(file);

        Assert.NotEqual(0, reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
    }

    /// <summary>Files in the memory of a process that has translated a line and waits for the next.</summary>
    private List<string> LoadedWhileTranslating(params string[] options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux shows which files a process has in its memory.");
        using var process = ClinicProcess.Start(["translate", "--model", tiny.Run, .. options]);
        process.StandardInput.WriteLine("eins zwei drei .");
        process.StandardInput.Flush();
        Assert.NotEmpty(process.StandardOutput.ReadLine()!);
        var files = MappedFiles(process);
        process.StandardInput.Close();
        Assert.Equal(0, ClinicProcess.Finish(process).ExitCode);
        Assert.Contains(files, file => Path.GetFileName(file) == "TransformerClinic.dll");
        return files;
    }

    private static List<string> MappedFiles(Process process) =>
        [
            .. File.ReadLines($"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}/maps")
                .Select(line => line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries))
                .Where(columns => columns.Length == 6)
                .Select(columns => columns[5].Trim())
                .Distinct(),
        ];

    private static bool IsOfLibtorch(string file) =>
        Path.GetFileName(file) is var name
        && (
            name.StartsWith("libtorch", StringComparison.Ordinal)
            || name.StartsWith("libLibTorch", StringComparison.Ordinal)
        );
}
