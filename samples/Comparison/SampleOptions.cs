namespace Samples.Comparison;

/// <summary>The options of a sample, the same for both of its curves.</summary>
public sealed record SampleOptions
{
    /// <summary>The remedy that every sample has.</summary>
    public const string Admin = "admin";

    /// <summary>Blocks of the network.</summary>
    public required int Depth { get; init; }

    /// <summary>Updates of the weights.</summary>
    public required int Updates { get; init; }

    /// <summary>Adam's learning rate after warm-up.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Updates over which the learning rate rises from 0, in a straight line.</summary>
    public int WarmUp { get; init; } = 100;

    /// <summary>How the matrices of the blocks are drawn.</summary>
    public required Initialization Initialization { get; init; }

    /// <summary>The remedy of the treated network: Admin, or another one by its name in recipes.</summary>
    public string Remedy { get; init; } = Admin;

    /// <summary>Decides the initial weights and the order of the data.</summary>
    public int Seed { get; init; } = 1;
}
