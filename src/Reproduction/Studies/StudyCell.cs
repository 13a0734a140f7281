using TransformerClinic.Reproduction.SmallTrainings;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>One cell of a study's table: a model under some conditions, trained with several seeds.</summary>
/// <param name="Name">The model, in words.</param>
/// <param name="Setting">The conditions, in words; empty if the study varies only the model.</param>
/// <param name="Trainings">One training per seed.</param>
internal sealed record StudyCell(string Name, string Setting, IReadOnlyList<SmallTraining> Trainings);
