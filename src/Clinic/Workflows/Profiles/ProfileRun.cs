using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Reports.Profiles;
using TransformerClinic.Residuals;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Profiling;
using static TorchSharp.torch;

namespace TransformerClinic.Workflows.Profiles;

/// <summary>
/// Admin's profiling of a recipe without the training: the omegas that <c>train</c> would begin with, at the recipe's
/// depth or at others, as tables and figures.
/// </summary>
internal sealed class ProfileRun(
    Recipe recipe,
    IReadOnlyList<ModelDepth> depths,
    IReadOnlyList<ReferenceOmega> reference,
    string folder,
    IRunConsole console
)
{
    private readonly Device _device = Devices.Open(OptionCheck.Valid(recipe, "").Device);

    /// <summary>Profiles every depth and writes <c>profile.json</c>, <c>profile.csv</c> and the figures.</summary>
    /// <exception cref="UserErrorException">
    /// Neither stack has Admin connections, or the data cannot be used.
    /// </exception>
    public ProfileResults Run(CancellationToken stop)
    {
        if (recipe.Training.From.Length > 0)
        {
            throw new UserErrorException(
                $"training.from is {recipe.Training.From}: "
                    + "training begins with that model's omegas as they were trained, and profiles nothing. "
                    + "Leave training.from empty to see what profiling would set."
            );
        }

        var corpus = Preparation.Of(recipe, console, stop);
        var cursor = new BatchCursor(
            new TokenBatches(
                corpus.Train.All,
                recipe.Training.TokensPerBatch,
                rules: Preparation.Rules(recipe, corpus)
            ),
            recipe.Seed
        );
        Batch[] batches = [.. Enumerable.Range(0, recipe.Training.Profiling.Batches).Select(_ => cursor.Next())];
        var results = new ProfileResults(
            recipe.Name,
            console.Work(
                "profiling",
                "models",
                depths.Count,
                progress => Profiles(batches, corpus.Subwords.Vocabulary.Count, progress, stop)
            )
        );
        Write(results);
        return results;
    }

    private List<DepthProfile> Profiles(
        IReadOnlyList<Batch> batches,
        int vocabulary,
        IProgress<WorkDone> progress,
        CancellationToken stop
    )
    {
        var found = new List<DepthProfile>();
        foreach (var depth in depths)
        {
            stop.ThrowIfCancellationRequested();
            progress.Report(new WorkDone(found.Count, $"{depth} layers"));
            found.Add(Profile(depth, batches, vocabulary));
            console.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{depth} layers, {found[^1].Parameters:N0} parameters: profiled in {found[^1].Seconds:0.00} s"
                )
            );
        }

        progress.Report(new WorkDone(found.Count));
        return found;
    }

    private DepthProfile Profile(ModelDepth depth, IReadOnlyList<Batch> batches, int vocabulary)
    {
        var options = recipe.Model with
        {
            Encoder = recipe.Model.Encoder with { Layers = depth.Encoder },
            Decoder = recipe.Model.Decoder with { Layers = depth.Decoder },
        };
        using var model = new Transformer(options, vocabulary, Vocabulary.Pad, recipe.Seed);
        model.to(_device);
        var clock = Stopwatch.StartNew();
        var profile =
            ModelProfiling.Run(model, batches, recipe.Training.Profiling, recipe.Seed, _device)
            ?? throw new UserErrorException(
                $"model.encoder.variant is {options.Encoder.Variant.Key()} and model.decoder.variant is "
                    + $"{options.Decoder.Variant.Key()}: only {string.Join(" and ", Profiled())} "
                    + "are profiled."
            );
        var seconds = clock.Elapsed.TotalSeconds;
        return new DepthProfile(depth, model.parameters().Sum(parameter => parameter.numel()), seconds, profile);
    }

    private static IEnumerable<string> Profiled() =>
        Enum.GetValues<ResidualVariant>()
            .Where(variant =>
                new StackOptions { Variant = variant }
                    .Traits
                    .IsProfiled
            )
            .Select(variant => variant.Key());

    private void Write(ProfileResults results)
    {
        FolderPath.Create(folder);
        var file = Path.Combine(folder, "profile.json");
        if (File.Exists(file))
        {
            RemoveFigures(); // This recipe may have one of them only.
        }

        Json.Write(file, results);
        AtomicFile.WriteText(Path.Combine(folder, "profile.csv"), results.Csv());
        foreach (
            var chain in results
                .Depths.SelectMany(depth => depth.Profile.Connections)
                .Select(found => found.Chain)
                .Distinct()
        )
        {
            ProfileFigure.Write(results, [.. reference.Where(omega => omega.Chain == chain)], chain, FigureOf(chain));
        }
    }

    private void RemoveFigures()
    {
        foreach (var chain in Enum.GetValues<StackName>().Select(stack => stack.Word()))
        {
            File.Delete(FigureOf(chain) + ".svg");
            File.Delete(FigureOf(chain) + ".png");
        }
    }

    private string FigureOf(string chain) => Path.Combine(folder, $"omegas-{chain}");
}
