[assembly: AssemblyFixture(typeof(FilesInMemory))]
