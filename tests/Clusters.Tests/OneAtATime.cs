namespace TransformerClinic.Clusters.Tests;

/// <summary>
/// Tests that do not run next to each other: each starts several processes that wait for each other.
/// </summary>
[CollectionDefinition(nameof(OneAtATime))]
public sealed class OneAtATime;
