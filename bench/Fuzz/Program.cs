using System.Diagnostics;
using System.Globalization;
using TransformerClinic.Fuzz;

// Fuzzes the reader and the writer of safetensors, for so many minutes of processor time: dotnet run -c Release --project bench/Fuzz -- --minutes 10 --seed 1
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (Option("--minutes", "1") is not { } minutes || Option("--seed", "1") is not { } seed || args.Length % 2 != 0)
{
    Console.Error.WriteLine("usage: fuzz [--minutes 1] [--seed 1]");
    return 2;
}

IFuzzTarget[] targets = [new ReaderTarget(), new WriterTarget()];
var findings = 0;
foreach (var target in targets)
{
    using (target)
    {
        var fuzzer = new Fuzzer(target, (int)seed);
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        fuzzer.Run(long.MaxValue, TimeSpan.FromMinutes(minutes / targets.Length));
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

        findings += fuzzer.Findings.Count;
    }
}

return findings == 0 ? 0 : 1;

double? Option(string name, string otherwise)
{
    var at = Array.IndexOf(args, name);
    var value = at < 0 ? otherwise : args.ElementAtOrDefault(at + 1);
    return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
