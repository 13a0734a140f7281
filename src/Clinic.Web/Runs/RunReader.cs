using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Runs;

namespace TransformerClinic.Web.Runs;

/// <summary>
/// What run folders say of their runs. Of a log only the end is read, and nothing is read again before it changes, so a
/// list of several hundred runs takes as long as looking at the dates of their files.
/// </summary>
internal sealed class RunReader
{
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    private sealed record Known(Stamps Stamps, RunDescription Description, LockHolder? Holder);

    private readonly record struct Stamps(
        (long, long) Recipe,
        (long, long) Results,
        (long, long) Log,
        (long, long) Holder
    );

    /// <summary>Whether a process works in the folder of a run, as far as its files tell.</summary>
    public static bool IsWorking(RunPlace run) => HolderOf(run) is { MayBeAlive: true };

    /// <summary>What is known of a run now.</summary>
    public RunDescription Describe(RunPlace run)
    {
        var stamps = StampsOf(run);
        if (!_known.TryGetValue(run.Folder, out var known) || known.Stamps != stamps)
        {
            known = new Known(stamps, Read(run), HolderOf(run));
            _known[run.Folder] = known;
        }

        // A process that was killed changes no file.
        var working = known.Holder is { MayBeAlive: true };
        return known.Description with
        {
            Id = run.Id,
            Status = working ? RunStatus.Working : known.Description.Status,
            RemainingSeconds = working ? known.Description.RemainingSeconds : null,
        };
    }

    /// <summary>The keys of a run's recipe.</summary>
    public static IReadOnlyDictionary<string, string> Recipe(RunPlace run) =>
        RecipeKeys.Of(RunFile.Text(Path.Combine(run.Folder, RunFolder.RecipeName)) ?? "");

    /// <summary>The results of a run's last end; null without any, or if they cannot be read.</summary>
    public static RunResults? Results(RunPlace run, out string? problem)
    {
        problem = null;
        var text = RunFile.Text(Path.Combine(run.Folder, RunFolder.ResultsName));
        try
        {
            return text is null ? null : Json.FromLine<RunResults>(text);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            problem = $"{RunFolder.ResultsName} cannot be read: another version may have written it.";
            return null;
        }
    }

    private static RunDescription Read(RunPlace run)
    {
        var recipe = Recipe(run);
        var results = Results(run, out var problem);
        var log = Path.Combine(run.Folder, RunFolder.LogName);
        var recent = RecentLog.Of(log);
        var updates = Math.Max(recent.Step, 0);
        var ended = results is not null && results.Updates >= updates;
        return new RunDescription(run.Id, ended ? RunStatus.Ended : RunStatus.Stopped)
        {
            Recipe = recipe.GetValueOrDefault("name") ?? results?.Recipe,
            Source = NonEmpty(recipe.GetValueOrDefault("data.sourceLanguage")),
            Target = NonEmpty(recipe.GetValueOrDefault("data.targetLanguage")),
            EncoderVariant = recipe.GetValueOrDefault("model.encoder.variant") ?? results?.EncoderVariant.Key(),
            DecoderVariant = recipe.GetValueOrDefault("model.decoder.variant") ?? results?.DecoderVariant.Key(),
            EncoderLayers = (int?)Number(recipe, "model.encoder.layers") ?? results?.EncoderLayers,
            DecoderLayers = (int?)Number(recipe, "model.decoder.layers") ?? results?.DecoderLayers,
            Seed = (long?)Number(recipe, "seed") ?? results?.Seed,
            Updates = ended ? results!.Updates : updates,
            MaxUpdates = MostUpdates(recipe),
            Seconds = ended ? results!.Seconds : recent.Seconds,
            UpdatesPerSecond = recent.UpdatesPerSecond,
            RemainingSeconds = Remaining(recipe, recent),
            TrainingNll = recent.TrainingNll,
            ValidationNll = ended ? results!.ValidationNll : recent.ValidationNll,
            Bleu = ended ? results!.Bleu : null,
            BleuSignature = ended ? results!.BleuSignature : null,
            Outcome = ended ? OptionKey.Format(results!.Outcome) : null,
            Verdict = ended ? NonEmpty(results!.Verdict) : null,
            Problem = problem,
        };
    }

    /// <summary>A comparison by tokens does not limit updates: it names the largest number that there is.</summary>
    private static long? MostUpdates(IReadOnlyDictionary<string, string> recipe) =>
        Number(recipe, "training.maxUpdates") is { } most and < int.MaxValue ? (long)most : null;

    /// <summary>
    /// Training ends by its number of updates, by its target tokens or by its time, whichever is first. The log does
    /// not say how many tokens there were: they are reckoned by their speed.
    /// </summary>
    private static double? Remaining(IReadOnlyDictionary<string, string> recipe, RecentLog recent)
    {
        double?[] ends =
        [
            MostUpdates(recipe) is { } most && recent.UpdatesPerSecond is > 0 and { } rate
                ? Math.Max(0, most - recent.Step) / rate
                : null,
            Number(recipe, "training.maxTokens") is > 0 and { } tokens && recent.TokensPerSecond is > 0 and { } speed
                ? Math.Max(0, (tokens / speed) - recent.Seconds)
                : null,
            Number(recipe, "training.maxMinutes") is > 0 and { } minutes
                ? Math.Max(0, (minutes * 60) - recent.Seconds)
                : null,
        ];
        return ends.Min();
    }

    private static LockHolder? HolderOf(RunPlace run)
    {
        try
        {
            return RunFile.Text(Path.Combine(run.Folder, LockHolder.FileName)) is { } text
                ? Json.FromLine<LockHolder>(text)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Stamps StampsOf(RunPlace run) =>
        new(
            RunFile.Stamp(Path.Combine(run.Folder, RunFolder.RecipeName)),
            RunFile.Stamp(Path.Combine(run.Folder, RunFolder.ResultsName)),
            RunFile.Stamp(Path.Combine(run.Folder, RunFolder.LogName)),
            RunFile.Stamp(Path.Combine(run.Folder, LockHolder.FileName))
        );

    private static double? Number(IReadOnlyDictionary<string, string> recipe, string key) =>
        double.TryParse(recipe.GetValueOrDefault(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
