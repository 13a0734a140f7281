using System.CommandLine;
using System.Diagnostics;

namespace TransformerClinic.Bench.Fuzz;

/// <summary>Fuzzes the reader and the writer of safetensors: <c>dotnet run -c Release --project bench -- fuzz --minutes 10 --seed 1</c></summary>
internal static class FuzzCommand
{
    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "Minutes of processor time, for all targets together.", DefaultValueFactory = _ => 1 };
        var seed = new Option<int>("--seed") { Description = "Decides the inputs.", DefaultValueFactory = _ => 1 };
        var command = new Command("fuzz", "Gives the reader and the writer of safetensors inputs that nobody thought of; the exit code is 1 if a defect is found.") { minutes, seed };
        command.SetAction(parsed =>
        {
            IFuzzTarget[] targets = [new ReaderTarget(), new WriterTarget()];
            return targets.Sum(target => Run(target, TimeSpan.FromMinutes(parsed.GetValue(minutes) / targets.Length), parsed.GetValue(seed))) == 0 ? 0 : 1;
        });
        return command;
    }

    /// <summary>Fuzzes one target and prints what came of it.</summary>
    /// <returns>The number of findings.</returns>
    private static int Run(IFuzzTarget target, TimeSpan time, int seed)
    {
        using (target)
        {
            var fuzzer = new Fuzzer(target, seed);
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            fuzzer.Run(long.MaxValue, time);
            var cpu = Process.GetCurrentProcess().TotalProcessorTime - before;
            Console.WriteLine($"{target.Name}: {fuzzer.Executions:N0} executions, {cpu.TotalMinutes:0.0} min of processor time, {fuzzer.Ways.Count} different outcomes, {fuzzer.Findings.Count} findings");
            foreach (var (way, count) in fuzzer.Ways.OrderByDescending(way => way.Value).Take(12))
            {
                Console.WriteLine($"  {count,10:N0}  {way}");
            }

            foreach (var finding in fuzzer.Findings)
            {
                Console.WriteLine($"FINDING with the input {Convert.ToBase64String(finding.Input)}\n{finding.Defect}");
            }

            return fuzzer.Findings.Count;
        }
    }
}
