using System.CommandLine;
using System.Globalization;
using TransformerClinic;
using TransformerClinic.Bench.Fuzz;
using TransformerClinic.Bench.Recompute;
using TransformerClinic.Bench.Training;

NativeRuntime.Configure();
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return new RootCommand("Measurements that take longer than a test may: they print what they find and assert no time.")
{
    TrainingCommand.Create(),
    AdditionsCommand.Create(),
    RecomputeCommand.Create(),
    FuzzCommand.Create(),
}.Parse(args).Invoke();
