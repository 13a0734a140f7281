using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Fuzz;

NativeRuntime.Configure();
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return FuzzCommand.Create().Parse(args).Invoke();
