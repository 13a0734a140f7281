using System.Globalization;
using TransformerClinic.Cli;
using TransformerClinic.Common;

if (StandardStreams.Prepare() is { } problem)
{
    Console.Error.WriteLine($"clinic: {problem}");
    return ExitCode.Mistake;
}

NativeRuntime.Configure();
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return WorkingFolder.Exists(Console.Error) ? ClinicCommand.Run(args) : ExitCode.Mistake;
