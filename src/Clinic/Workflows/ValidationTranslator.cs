using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Files;
using TransformerClinic.Runs;

namespace TransformerClinic.Workflows;

/// <summary>
/// Translates the same few sentences of the validation set at each validation, greedily and with the weights that were
/// validated, so that one can read how a model learns. Training continues as if nothing had happened: the weights are
/// only read.
/// </summary>
internal sealed class ValidationTranslator
{
    private readonly RunParts _parts;
    private ValidationTranslations _found;

    /// <summary>What the recipe of a run asks for.</summary>
    /// <param name="parts">The run, at the update that it starts or resumes from.</param>
    public ValidationTranslator(RunParts parts)
    {
        _parts = parts;
        _found = new ValidationTranslations(Sentences(parts), []);
        if (_found.Sentences.Count > 0 && Earlier() is { } earlier && earlier.Sentences.SequenceEqual(_found.Sentences))
        {
            _found = parts.Trainer.State.Update == 0 ? _found : earlier.UpTo(parts.Trainer.State.Update);
        }
    }

    /// <summary>Translates and writes, if the recipe asks for it.</summary>
    /// <param name="update">Updates made.</param>
    public void Translate(long update)
    {
        if (_found.Sentences.Count > 0)
        {
            var average = _parts.Trainer.MovingAverage;
            Keep(_found.With(average is null ? Now(update) : average.InPlaceOfWeights(() => Now(update))));
        }
    }

    /// <summary>Takes away what a rollback undid.</summary>
    /// <param name="update">The update that the run is at again.</param>
    public void GoBackTo(long update)
    {
        if (_found.UpTo(update) is var rest && rest.Validations.Count < _found.Validations.Count)
        {
            Keep(rest);
        }
    }

    private TranslatedValidation Now(long update)
    {
        using var translator = new Translator(
            _parts.Model,
            _parts.Corpus.Subwords,
            _parts.Recipe.Decoding with
            {
                Beam = 1,
            },
            _parts.Workers
        );
        try
        {
            var found = translator.Translate([.. _found.Sentences.Select(sentence => sentence.Source)]);
            return new TranslatedValidation(update, [.. found.Select(translation => translation.Text)]);
        }
        catch (UserErrorException exception)
        {
            // Weights that are not finite: what to do about them is the guard's to decide.
            return new TranslatedValidation(update, []) { Problem = exception.Message };
        }
    }

    private void Keep(ValidationTranslations found)
    {
        _found = found;
        Json.Write(_parts.Folder.ValidationTranslations, found);
    }

    private ValidationTranslations? Earlier()
    {
        try
        {
            return File.Exists(_parts.Folder.ValidationTranslations)
                ? Json.Read<ValidationTranslations>(_parts.Folder.ValidationTranslations)
                : null;
        }
        catch (UserErrorException)
        {
            return null; // it only shows what was
        }
    }

    /// <summary>Sentences from all over the set, the same ones for every run.</summary>
    private static IReadOnlyList<ValidationSentence> Sentences(RunParts parts)
    {
        var pairs = parts.Corpus.Valid.Pairs;
        return
        [
            .. SpreadSample
                .Of(pairs.Count, parts.Recipe.Training.ValidationTranslations)
                .Select(i => new ValidationSentence(pairs[i].Source, pairs[i].Target)),
        ];
    }
}
