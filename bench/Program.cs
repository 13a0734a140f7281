using System.Globalization;
using TransformerClinic.Bench;
using TransformerClinic.Common;

NativeRuntime.Configure();
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return BenchCommand.Run(args, Console.Error);
