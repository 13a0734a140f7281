using System.ComponentModel.DataAnnotations;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Model;
using TransformerClinic.Text;
using TransformerClinic.Training;

namespace TransformerClinic.Recipes;

/// <summary>All that a run needs to know; a YAML file maps onto it key by key.</summary>
public sealed record Recipe
{
    /// <summary>The recipe's name; the default run folder is called so.</summary>
    public string Name { get; init; } = "run";

    /// <summary>Decides initial weights, order of the data and dropout masks.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Where the model lives.</summary>
    public DeviceName Device { get; init; } = DeviceName.Cpu;

    /// <summary>Threads to train and translate with; 0 takes one a core.</summary>
    [Range(0, 4096)]
    public int Threads { get; init; }

    /// <summary>Where the parallel text lies.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>How the joint subword vocabulary is learned.</summary>
    public SubwordOptions Subwords { get; init; } = new();

    /// <summary>The model's shape.</summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>How it is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How the test set is translated.</summary>
    public DecodingOptions Decoding { get; init; } = new();
}
