using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Data.Parts;
using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Workflows.FineTuning;

namespace TransformerClinic.Workflows;

/// <summary>
/// Does what training does before its first update: learns subwords, and stores the training text as ids. Or it counts
/// the words of a part of that text, from which subwords can then be learned.
/// </summary>
/// <param name="recipe">The recipe; its paths are full, as those of a recipe that is read from a file.</param>
/// <param name="folder">The folder of the stored training set.</param>
/// <param name="console">Shows what happens.</param>
internal sealed class PreparationRun(Recipe recipe, string folder, IRunConsole console)
{
    private readonly string _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>Where the counted words of parts are: next to the stored set, since they outlast it.</summary>
    private string Counts => $"{_folder}.counts";

    /// <summary>Prepares the text. If all of it is there already, that is all.</summary>
    /// <exception cref="UserErrorException">The recipe, the text or the folder cannot be used.</exception>
    /// <exception cref="OperationCanceledException">
    /// It was stopped; nothing is left of what was not finished.
    /// </exception>
    public PreparationResults Run(CancellationToken stop)
    {
        OptionCheck.Valid(recipe, "");
        var subwords = recipe.Training.From.Length > 0 ? BaseModel.Find(recipe).Subwords : null;
        FolderPath.Create(Path.GetDirectoryName(_folder)!);
        var own = recipe with { Data = recipe.Data with { Prepared = "" } };
        using var place = new CorpusPlace(_folder, isFirst: true);
        var corpus = Preparation.Of(own, console, stop, subwords, place, Counts);
        using var train = corpus.Train as IDisposable;
        foreach (var ledger in new[] { corpus.Train.Ledger, corpus.Valid.Ledger, corpus.Test?.Ledger })
        {
            if (ledger is not null)
            {
                console.Say(ledger.ToString());
            }
        }

        return new PreparationResults(
            _folder,
            corpus.Train.All.Count,
            corpus.Train.All.ShardCount,
            corpus.Subwords.Vocabulary.Count,
            corpus.Train.TargetCounts(corpus.Subwords.Vocabulary.Count).Sum(),
            corpus.Train.HashOfIds()
        );
    }

    /// <summary>Counts the words of a part of the training text. If they are counted already, that is all.</summary>
    /// <exception cref="UserErrorException">The recipe, the text or the folder cannot be used.</exception>
    /// <exception cref="OperationCanceledException">
    /// It was stopped; nothing is left of what was not finished.
    /// </exception>
    public PartResults Count(FilePart part, CancellationToken stop)
    {
        OptionCheck.Valid(recipe, "");
        if (recipe.Training.From.Length > 0)
        {
            throw new UserErrorException(
                $"training.from is {recipe.Training.From}: the subwords are that model's, so no words need to be "
                    + "counted."
            );
        }

        var data = recipe.Data;
        data.Train.RequireFullPaths("data.train");
        data.Require("data.train", data.Train, baseFolder: "");
        FolderPath.Create(Counts);
        var path = Path.Combine(Counts, PartCountsFile.NameOf(part));
        var files = PartFile.Of(data.Train, baseFolder: "", part);
        var counted = Earlier(path, part, files, stop);
        if (counted is not null)
        {
            console.Say($"{path}: the words of this part are counted already.");
        }
        else
        {
            counted = CountAnew(part, files, stop);
            PartCountsFile.Write(path, counted);
        }

        return new PartResults(
            path,
            part.Number,
            part.Count,
            counted.Counts.Words.Values.Sum(),
            counted.Counts.Words.Count,
            Enumerable
                .Range(0, part.Count)
                .Count(i => File.Exists(Path.Combine(Counts, PartCountsFile.NameOf(FilePart.Of(i, part.Count)))))
        );
    }

    private PartCounts CountAnew(FilePart part, IReadOnlyList<PartFile> files, CancellationToken stop)
    {
        return new Preparation(console).Stage(
            PreparationStage.CountingWords,
            Megabytes.Of(files.Sum(file => file.End - file.Begin)),
            progress =>
                new PartCounter(
                    part,
                    files,
                    recipe.Subwords.Normalization,
                    LanguagePair.Of(recipe.Data.SourceLanguage, recipe.Data.TargetLanguage),
                    new Megabytes(progress),
                    stop
                ).Count()
        );
    }

    /// <summary>What an earlier command has counted; null if there is nothing, or it is not of this text.</summary>
    private PartCounts? Earlier(string path, FilePart part, IReadOnlyList<PartFile> files, CancellationToken stop)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var counts = PartCountsFile.Read(path);
            return new PartCheck(stop).WhyNot(counts, part, files, recipe.Subwords.Normalization) is null
                ? counts
                : null;
        }
        catch (UserErrorException)
        {
            return null; // damaged, and counted anew
        }
    }
}

/// <summary>What was prepared.</summary>
/// <param name="Folder">The folder of the stored training set.</param>
/// <param name="Pairs">Pairs to train on.</param>
/// <param name="Shards">Shards that they are in.</param>
/// <param name="Vocabulary">Size of the vocabulary.</param>
/// <param name="TargetTokens">Ids of all targets, end marks included.</param>
/// <param name="Ids">SHA-256 of all ids in the order of reading.</param>
internal sealed record PreparationResults(
    string Folder,
    int Pairs,
    int Shards,
    int Vocabulary,
    long TargetTokens,
    string Ids
);

/// <summary>What was counted.</summary>
/// <param name="File">The file of the counted words.</param>
/// <param name="Part">The part's number, from 0.</param>
/// <param name="Of">How many parts there are.</param>
/// <param name="Words">How many words the part has.</param>
/// <param name="DifferentWords">How many different ones.</param>
/// <param name="CountedParts">How many parts are counted by now, this one included.</param>
internal sealed record PartResults(string File, int Part, int Of, long Words, int DifferentWords, int CountedParts);
