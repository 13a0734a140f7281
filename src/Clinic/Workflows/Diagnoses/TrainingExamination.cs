using TransformerClinic.Data;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Recipes;

namespace TransformerClinic.Workflows.Diagnoses;

/// <summary>
/// Examines the model of a training that is under way as <c>clinic diagnose</c> examines a checkpoint, always on the
/// same batches of its validation set and by the same perturbations. It examines a copy, so that training continues as
/// if nothing had happened.
/// </summary>
internal sealed class TrainingExamination(Recipe recipe, PreparedCorpus corpus, Transformer model)
{
    private const int Perturbations = 4;

    private readonly DiagnosisSubject _subject = new(
        recipe.Name,
        recipe.Model,
        [recipe.Seed],
        new HeldExamples(corpus.Valid.Examples),
        corpus.Subwords.Vocabulary.Count,
        Training: null,
        () => WeightCopy.Of(model, recipe.Seed)
    );

    /// <summary>What is found now, of the encoder and of the decoder.</summary>
    public IReadOnlyList<StackDiagnosis> Examine()
    {
        Examination[] found = [Examination.Of(_subject, recipe.Seed, Perturbations)];
        return
        [
            StackDiagnosis.Of(StackFindings.Of(StackName.Encoder, recipe.Model.Encoder, found)),
            StackDiagnosis.Of(StackFindings.Of(StackName.Decoder, recipe.Model.Decoder, found)),
        ];
    }
}
