using TransformerClinic.Cli.Tests;

[assembly: AssemblyFixture(typeof(FilesInMemory))]
[assembly: AssemblyFixture(typeof(OneTorchThread))]
[assembly: AssemblyFixture(typeof(TrainedTinyRun))]
