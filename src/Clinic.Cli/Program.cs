using System.Globalization;
using TransformerClinic;
using TransformerClinic.Cli;

NativeRuntime.Configure();
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return await ClinicCommand.RunAsync(args);
