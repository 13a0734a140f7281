[assembly: AssemblyFixture(typeof(OneTorchThread))]
