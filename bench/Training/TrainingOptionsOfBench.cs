using System.CommandLine;

namespace TransformerClinic.Bench.Training;

/// <summary>The options that the commands that time training share.</summary>
internal static class TrainingOptionsOfBench
{
    public static Option<string> Configuration()
    {
        var config = new Option<string>("--config")
        {
            Description = $"{string.Join("; ", TrainingConfiguration.All.Select(one => $"{one.Name}: {one.Says}"))}.",
            Required = true,
        };
        config.AcceptOnlyFromAmong([.. TrainingConfiguration.All.Select(one => one.Name)]);
        return config;
    }

    public static Option<bool> Text() =>
        new("--text")
        {
            Description =
                "Batches of real text with their padding instead of full ones; run this in the project's folder.",
        };

    public static Option<int> Threads() =>
        new("--threads") { Description = "Worker threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
}
