using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Data.Parts;

/// <summary>The words of one part of the training text.</summary>
/// <param name="Part">Which part.</param>
/// <param name="Normalization">The Unicode form of the words.</param>
/// <param name="Text">What was counted of each file, in the order of the files.</param>
/// <param name="Counts">The words.</param>
internal sealed record PartCounts(
    FilePart Part,
    Normalization Normalization,
    IReadOnlyList<CountedStretch> Text,
    WordCounts Counts
);
