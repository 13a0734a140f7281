[assembly: AssemblyFixture(typeof(FilesInMemory))]
[assembly: AssemblyFixture(typeof(OneTorchThread))]
