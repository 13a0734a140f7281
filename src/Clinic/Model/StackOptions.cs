using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;

namespace TransformerClinic.Model;

/// <summary>Depth and residual variant of one stack; encoder and decoder choose independently.</summary>
public sealed record StackOptions
{
    /// <summary>Number of layers: two sublayers each in the encoder, three in the decoder.</summary>
    [Range(1, 1000)]
    public int Layers { get; init; } = 6;

    /// <summary>How branch, shortcut and normalization are put together.</summary>
    public ResidualVariant Variant { get; init; } = ResidualVariant.Admin;

    /// <summary>
    /// Whether the first omega of a stack of the variant <see cref="ResidualVariant.Admin"/> is trained or stays 1.
    /// </summary>
    public FirstOmega FirstOmega { get; init; } = FirstOmega.Frozen;

    /// <summary>The omega of a stack of the variant <see cref="ResidualVariant.AdminAnalytic"/>.</summary>
    public AnalyticOptions Analytic { get; init; } = new();

    /// <summary>
    /// Whether each channel of the stack's input has a trainable scale, from 1: a plain parameter, tied to no
    /// embedding. Folded models whose first connection scaled its shortcut have it.
    /// </summary>
    public bool InputScale { get; init; }

    /// <summary>Which normalizations the stack has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public NormKind Norm { get; init; }

    /// <summary>How the matrices of the branches are drawn.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public InitialWeights Initialization { get; init; }

    /// <summary>How large branches are while the model trains.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BranchSchedule BranchSchedule { get; init; }

    /// <summary>T of <see cref="BranchSchedule"/>, in updates; 0 for 1000, or 500 from 96 layers on.</summary>
    [Range(0, int.MaxValue)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int BranchScheduleUpdates { get; init; }

    /// <summary>
    /// A variant of the program's own in place of <see cref="Variant"/>; null for none. Recipes cannot name one. JSON
    /// holds its name, and cannot be read back: only the program knows what it is.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(ResidualDesignName))]
    public ResidualDesign? Design { get; init; }

    internal ResidualOptions Residuals =>
        new()
        {
            Variant = Variant,
            FirstOmega = FirstOmega,
            Analytic = Analytic,
            Norm = Norm,
            Initialization = Initialization,
            BranchSchedule = BranchSchedule,
            Design = Design,
        };

    /// <summary>What is to be known of the variant as a whole.</summary>
    internal ResidualTraits Traits => ResidualTraits.Of(Residuals, StackShape.Alone(Layers));

    /// <summary>The stack with Admin's connections in place of its own.</summary>
    internal StackOptions WithAdmin() => this with { Variant = ResidualVariant.Admin, Design = null };

    /// <summary>A plain Post-LN stack of the same depth.</summary>
    internal StackOptions AsPostLn(bool inputScale) =>
        new()
        {
            Layers = Layers,
            Variant = ResidualVariant.PostLn,
            InputScale = inputScale,
        };
}
