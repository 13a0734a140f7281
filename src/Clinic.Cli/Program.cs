using System.Globalization;
using TransformerClinic;
using TransformerClinic.Cli;

NativeRuntime.Configure();
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return WorkingFolder.Exists(Console.Error) ? await ClinicCommand.RunAsync(args) : ExitCode.Mistake;
