using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Text;

namespace TransformerClinic.Reproduction.SmallTrainings;

/// <summary>The texts of studies; each is prepared once.</summary>
internal sealed class TaskTexts(string corpus)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TrainingText, TaskText> _prepared = [];

    /// <summary>A text as ids.</summary>
    /// <exception cref="UserErrorException">
    /// The text that comes with the project was not found.
    /// </exception>
    public TaskText Of(TrainingText text)
    {
        lock (_lock)
        {
            if (!_prepared.TryGetValue(text, out var prepared))
            {
                _prepared[text] = prepared = text.Help is { } help
                    ? Prepare(help)
                    : ReversalTask.Create(text.Reversal ?? new());
            }

            return prepared;
        }
    }

    private TaskText Prepare(HelpTextOptions options)
    {
        OptionCheck.Valid(options, "help");
        if (!Directory.Exists(corpus))
        {
            throw new UserErrorException(
                $"{Path.GetFullPath(corpus)}: the text that comes with the project is not here. Run this in the "
                    + "folder that contains corpora/, or name the text's folder."
            )
            {
                Options = ["Corpus"],
            };
        }

        var data = new DataOptions
        {
            SourceLanguage = "de",
            TargetLanguage = "en",
            Train = new("train.de-en.tsv"),
            Valid = new("valid.de-en.tsv"),
            MaxLength = options.MaxLength,
        };
        var prepared = PreparedCorpus.Prepare(
            data,
            new SubwordOptions { Merges = options.Merges },
            options.MaxLength,
            corpus
        );
        return new TaskText(prepared.Train.All.CopyAll(), prepared.Valid.Examples, prepared.Subwords.Vocabulary.Count);
    }
}
