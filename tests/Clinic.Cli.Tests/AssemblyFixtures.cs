using TransformerClinic.Cli.Tests;

[assembly: AssemblyFixture(typeof(TrainedTinyRun))]
