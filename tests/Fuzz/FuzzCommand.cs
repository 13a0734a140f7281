using System.CommandLine;
using System.Diagnostics;

namespace TransformerClinic.Fuzz;

/// <summary>
/// Fuzzes what reads files, and the writer of safetensors: <c>dotnet run -c Release --project tests/Fuzz -- --minutes
/// 10 --seed 1</c>
/// </summary>
internal static class FuzzCommand
{
    private const int MostPrinted = 100;
    private static readonly TimeSpan Stretch = TimeSpan.FromMinutes(0.5);

    public static RootCommand Create()
    {
        var minutes = new Option<double>("--minutes")
        {
            Description = "Minutes of processor time, for all targets together.",
            DefaultValueFactory = _ => 1,
        };
        var seed = new Option<int>("--seed") { Description = "Decides the inputs.", DefaultValueFactory = _ => 1 };
        var targets = new Option<string[]>("--target")
        {
            Description = "What to fuzz; without it everything.",
            AllowMultipleArgumentsPerToken = true,
        };
        targets.AcceptOnlyFromAmong([.. FuzzTargets.Names]);
        var command = new RootCommand(
            "Gives what reads files, and the writer of safetensors, inputs that nobody thought of; the exit code is "
                + "1 if a defect is found."
        )
        {
            minutes,
            seed,
            targets,
        };
        command.SetAction(parsed =>
        {
            var chosen = parsed.GetValue(targets) is { Length: > 0 } named ? named : [.. FuzzTargets.Names];
            return
                chosen.Sum(name =>
                    Run(name, TimeSpan.FromMinutes(parsed.GetValue(minutes) / chosen.Length), parsed.GetValue(seed))
                ) == 0
                ? 0
                : 1;
        });
        return command;
    }

    /// <summary>Fuzzes one target and prints what came of it.</summary>
    /// <returns>The number of findings.</returns>
    private static int Run(string name, TimeSpan time, int seed)
    {
        using var target = FuzzTargets.Create(name);
        var fuzzer = new Fuzzer(target, seed);
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        var spent = TimeSpan.Zero;
        while (spent < time)
        {
            fuzzer.Run(long.MaxValue, time - spent < Stretch ? time - spent : Stretch);
            self.Refresh();
            spent = self.TotalProcessorTime - before;
            Console.Error.WriteLine(
                $"{name}: {spent.TotalMinutes:0.0} of {time.TotalMinutes:0.0} min, {fuzzer.Executions:N0} "
                    + $"executions, {fuzzer.Outcomes.Count} outcomes, {fuzzer.Kept} inputs kept, "
                    + $"{fuzzer.Findings.Count} findings"
            );
        }

        Console.WriteLine(
            $"{name}: {fuzzer.Executions:N0} executions, {spent.TotalMinutes:0.0} min of processor time, "
                + $"{fuzzer.Outcomes.Count} different outcomes, {fuzzer.Findings.Count} findings"
        );
        foreach (var (outcome, count) in fuzzer.Outcomes.OrderByDescending(outcome => outcome.Value).Take(MostPrinted))
        {
            Console.WriteLine($"  {count, 10:N0}  {outcome}");
        }

        foreach (var finding in fuzzer.Findings)
        {
            Console.WriteLine($"FINDING with the input {Convert.ToBase64String(finding.Input)}\n{finding.Defect}");
        }

        return fuzzer.Findings.Count;
    }
}
