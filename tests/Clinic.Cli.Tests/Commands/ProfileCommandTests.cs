using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

[Trait("Speed", "Slow")]
public class ProfileCommandTests
{
    [Fact]
    public void It_finds_the_omegas_that_training_starts_with_and_writes_tables_and_figures()
    {
        using var tiny = new TinyRun();
        var folder = tiny.PathOf("profile");
        File.WriteAllText(tiny.PathOf("reference.csv"), "chain,index,omega\nencoder,2,1.25\n");

        var result = ClinicProcess.Run(
            "profile",
            tiny.Recipe,
            "--depths",
            "1+3,2",
            "-o",
            folder,
            "--reference",
            tiny.PathOf("reference.csv")
        );
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("2+2 layers", result.Output, StringComparison.Ordinal);
        Assert.Contains("1.250", result.Output, StringComparison.Ordinal);
        Assert.Contains("profiled in", result.Error, StringComparison.Ordinal);
        Assert.Equal(2 + 9 + 4 + 6 + 1, File.ReadLines(Path.Combine(folder, "profile.csv")).Count());
        Assert.All(
            ["omegas-encoder.svg", "omegas-decoder.svg", "omegas-encoder.png", "omegas-decoder.png"],
            name => Assert.True(new FileInfo(Path.Combine(folder, name)).Length > 1000, name)
        );

        Assert.Equal(
            0,
            InProcess.Run("train", tiny.Recipe, "--run", tiny.Run, "--set", "training.maxUpdates=2").ExitCode
        );
        using var trained = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(tiny.Run, "model/config.json")));
        using var profiled = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "profile.json")));
        Assert.Equal(
            Omegas(trained.RootElement.GetProperty("profile")),
            Omegas(profiled.RootElement.GetProperty("depths")[1].GetProperty("profile"))
        );
    }

    [Fact]
    public void A_profile_leaves_no_figure_of_an_earlier_one_in_its_folder()
    {
        using var tiny = new TinyRun();
        string[] command = ["profile", tiny.Recipe, "-o", tiny.PathOf("profile")];
        Assert.Equal(0, InProcess.Run(command).ExitCode);
        Assert.True(File.Exists(tiny.PathOf("profile/omegas-decoder.svg")));

        Assert.Equal(0, InProcess.Run([.. command, "--set", "model.decoder.variant=pre-ln"]).ExitCode);

        Assert.Equal(
            ["omegas-encoder.png", "omegas-encoder.svg", "profile.csv", "profile.json"],
            Directory
                .GetFiles(tiny.PathOf("profile"))
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_recipe_without_admin_has_nothing_to_profile()
    {
        using var tiny = new TinyRun();
        var result = InProcess.Run(
            "profile",
            tiny.Recipe,
            "-o",
            tiny.PathOf("profile"),
            "--set",
            "model.encoder.variant=pre-ln",
            "--set",
            "model.decoder.variant=deep-norm"
        );
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(
            "model.decoder.variant is deep-norm: only admin and admin-formula are profiled",
            result.Error,
            StringComparison.Ordinal
        );
    }

    private static double[] Omegas(JsonElement profile) =>
        [
            .. profile
                .GetProperty("connections")
                .EnumerateArray()
                .Select(connection => connection.GetProperty("omega").GetDouble()),
        ];
}
