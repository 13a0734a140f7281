using System.CommandLine;
using System.Globalization;
using TransformerClinic;
using TransformerClinic.Bench.Fuzz;
using TransformerClinic.Bench.Prediction;

NativeRuntime.Configure();
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return new RootCommand("Measurements that take longer than a test may: they print what they find and assert no time.")
{
    FuzzCommand.Create(),
    PredictionCommand.Create(),
}.Parse(args).Invoke();
