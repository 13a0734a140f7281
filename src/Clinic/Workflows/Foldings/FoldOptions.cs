using System.ComponentModel.DataAnnotations;
using TransformerClinic.Common;
using TransformerClinic.Data;

namespace TransformerClinic.Workflows.Foldings;

/// <summary>What to fold, where to write it, and what to test it on.</summary>
public sealed record FoldOptions : IOptionRules
{
    /// <summary>A model folder, a run folder, or a checkpoint of a run.</summary>
    public required string Model { get; init; }

    /// <summary>The model folder to write: a new one, an empty one, or one that an earlier folding wrote.</summary>
    public required string Output { get; init; }

    /// <summary>
    /// Sentence pairs to compare the models on, as full paths; null for the run's own test set.
    /// </summary>
    public ParallelFiles? Test { get; init; }

    /// <summary>
    /// Only source sentences, one per line; the logits are then compared along the model's own translations.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>Batches over which logits are compared.</summary>
    [Range(1, 1_000_000)]
    public int Batches { get; init; } = 8;

    /// <summary>Worker threads; 0 takes one per core.</summary>
    [Range(0, 4096)]
    public int Threads { get; init; }

    /// <inheritdoc/>
    IEnumerable<string> IOptionRules.BrokenRules(string section)
    {
        if (Test is not null && Source is not null)
        {
            yield return $"{section}test and {section}source: name one of them. {section}test takes sentence pairs, "
                + $"{section}source only source sentences.";
        }
    }
}
