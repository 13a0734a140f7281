namespace TransformerClinic.Tests.TestSupport;

/// <summary>
/// The tests that no other may run beside, for they depend on what the process has once: its live tensors, libtorch's
/// threads, torch's random numbers.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public static class Alone;
