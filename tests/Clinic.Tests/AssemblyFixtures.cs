using TransformerClinic.Tests.Workflows;

[assembly: AssemblyFixture(typeof(FilesInMemory))]
[assembly: AssemblyFixture(typeof(OneTorchThread))]
[assembly: AssemblyFixture(typeof(TrainedTinyRecipe))]
