using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Reproduction.Studies;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Tests.Studies;

/// <summary>Judges a study by outcomes that a test supplies, without running trainings.</summary>
internal static class JudgedOutcomes
{
    public const double Unigram = 2.7;

    /// <summary>A loss that counts as trained, and one that does not.</summary>
    public const double Good = 0.5,
        Bad = 2.6;

    /// <summary>What a study finds if its trainings end with these losses; null is not finite.</summary>
    public static StudyFindings Findings(TrainingStudy study, Func<SmallTraining, double?> nll) =>
        study.Judge([
            .. study
                .Cells(StudyBudget.Minutes)
                .Select(cell => new TrainedCell(
                    cell,
                    [
                        .. cell.Trainings.Select(training => new TrainingOutcome(
                            training,
                            training.Training.MaxUpdates,
                            nll(training),
                            nll(training),
                            Unigram,
                            [new CurvePoint(1, Unigram)],
                            1
                        )),
                    ]
                )),
        ]);

    public static ClaimVerdict Verdict(TrainingStudy study, Func<SmallTraining, double?> nll) =>
        Condition.VerdictOf(Findings(study, nll).Conditions);

    public static ResidualVariant Encoder(this SmallTraining training) => training.Model.Encoder.Variant;

    public static ResidualVariant Decoder(this SmallTraining training) => training.Model.Decoder.Variant;
}
