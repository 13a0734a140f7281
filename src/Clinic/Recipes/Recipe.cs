using System.ComponentModel.DataAnnotations;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Distribution;
using TransformerClinic.Model;
using TransformerClinic.Text;
using TransformerClinic.Training;

namespace TransformerClinic.Recipes;

/// <summary>Everything that a run needs to know; a YAML file maps onto it key by key.</summary>
public sealed record Recipe : IOptionRules
{
    /// <summary>The recipe's name, which is also the default name of the run folder.</summary>
    public string Name { get; init; } = "run";

    /// <summary>Decides the initial weights, the order of the data and the dropout masks.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Where the model is computed.</summary>
    public DeviceName Device { get; init; } = DeviceName.Cpu;

    /// <summary>Threads to train and translate with; 0 takes one per core.</summary>
    [Range(0, 4096)]
    public int Threads { get; init; }

    /// <summary>Where the parallel text is.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>How the joint subword vocabulary is learned.</summary>
    public SubwordOptions Subwords { get; init; } = new();

    /// <summary>The model's shape.</summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>How it is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How several processes train together.</summary>
    public DistributedOptions Distributed { get; init; } = new();

    /// <summary>How the test set is translated.</summary>
    public DecodingOptions Decoding { get; init; } = new();

    /// <inheritdoc/>
    IEnumerable<string> IOptionRules.BrokenRules(string section)
    {
        if (!IsFolderName(Name))
        {
            yield return $"name is '{Name}'; it names the run's folder, so it must begin with a letter or digit and "
                + $"hold "
                + "only letters, digits, dots, hyphens and underscores.";
        }

        if (Data.MaxLength > Model.MaxPositions)
        {
            yield return $"data.maxLength is {Data.MaxLength} and model.maxPositions is {Model.MaxPositions}: the "
                + $"model "
                + "has no positions for the longest training pairs.";
        }

        var translates = !Data.Test.IsNone || Training.ValidationTranslations > 0;
        if (translates && Device != DeviceName.Cpu && Decoding.Precision != DecodingPrecision.Fp32)
        {
            yield return $"decoding.precision is {OptionKey.Format(Decoding.Precision)} and device is "
                + $"{OptionKey.Format(Device)}: only the processor translates in it, so neither the test set nor "
                + "validation sentences could be translated. Use fp32.";
        }
    }

    private static bool IsFolderName(string name) =>
        name.Length > 0
        && char.IsLetterOrDigit(name[0])
        && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_')
        && name[^1] != '.';
}
