using System.Globalization;
using System.Text.Json.Serialization;
using TransformerClinic.Data;
using TransformerClinic.Files;
using TransformerClinic.Training;
using TransformerClinic.Training.Divergence;

namespace TransformerClinic.Runs;

/// <summary>
/// Keeps batches that the guard against divergence encountered, for study, a folder each in <c>offending/</c> of the
/// run folder: <c>batch.json</c> with what was found and the ids, <c>batch.tsv</c> with the texts, source and target
/// with a tab between them, and after a rollback <c>undone.jsonl</c>, the log of the updates that it undid.
/// </summary>
internal sealed class OffendingBatches(string folder, ITrainingSet train)
{
    // Who studies batches does not need more; a training that is lost would fill the disk with them.
    private const int Most = 100;

    private const string NoTexts =
        "not here: the files of the training set are no longer what they were when the training set was stored";

    private const string IdsFile = "batch.json";
    private const string TextsFile = "batch.tsv";
    private const string UndoneFile = "undone.jsonl";

    private static readonly FolderContents Contents = new("an offending batch", [IdsFile, TextsFile, UndoneFile], []);

    private sealed record Kept(
        long Update,
        int Rollbacks,
        IncidentKind Kind,
        Treatment Treatment,
        string Cause,
        string Where,
        IReadOnlyList<KeptBatch> Batches,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Texts
    );

    private sealed record KeptBatch(int Epoch, string Hash, IReadOnlyList<KeptExample> Examples);

    private sealed record KeptExample(int Example, int[] Source, int[] Target);

    /// <summary>Keeps an incident's batches.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="state">The state after it.</param>
    /// <param name="undone">Lines of the log that a rollback took away.</param>
    /// <returns>The folder's path in the run folder; null where nothing is kept.</returns>
    public string? Keep(Incident incident, TrainingState state, string undone)
    {
        var before = state.Rollbacks - (incident.Treatment == Treatment.RolledBack ? 1 : 0);
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"update-{incident.Update:D6}{(before > 0 ? $"-after-rollback-{before}" : "")}"
        );
        var target = Path.Combine(folder, name);
        if (
            incident.Batches.Count == 0
            || (
                !Directory.Exists(target) && Directory.Exists(folder) && Directory.GetDirectories(folder).Length >= Most
            )
        )
        {
            return null;
        }

        Directory.CreateDirectory(folder);
        var texts = Texts(incident.Batches);
        AtomicFolder.Write(
            target,
            Contents,
            temporary =>
            {
                Json.Write(
                    Path.Combine(temporary, IdsFile),
                    new Kept(
                        incident.Update,
                        state.Rollbacks,
                        incident.Kind,
                        incident.Treatment,
                        incident.Cause,
                        incident.Where,
                        [.. incident.Batches.Select(Ids)],
                        texts is null ? NoTexts : null
                    )
                );
                if (texts is not null)
                {
                    AtomicFile.WriteText(Path.Combine(temporary, TextsFile), texts);
                }

                if (undone.Length > 0)
                {
                    AtomicFile.WriteText(Path.Combine(temporary, UndoneFile), undone);
                }
            }
        );
        return $"{Path.GetFileName(folder)}/{name}";
    }

    private KeptBatch Ids(OffendingBatch batch) => new(batch.Epoch, batch.Hash, [.. batch.Examples.Select(Ids)]);

    private KeptExample Ids(int example)
    {
        var copy = train.All.Copy(example);
        return new KeptExample(train.All.Number(example), copy.Source, copy.Target);
    }

    /// <summary>The texts as a table; null where they can no longer be read.</summary>
    private string? Texts(IReadOnlyList<OffendingBatch> batches) =>
        train.Texts([.. batches.SelectMany(batch => batch.Examples)]) is { } texts
            ? string.Concat(texts.Select(pair => TabSeparated.Row(pair.Source, pair.Target)))
            : null;
}
