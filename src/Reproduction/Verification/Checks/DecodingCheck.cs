using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>
/// The recorded searches: every hypothesis of every source in every configuration, its tokens, score and the score of
/// each token.
/// </summary>
internal sealed class DecodingCheck(ReferenceFolder folder, DecodingManifest manifest) : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Part> Parts()
    {
        foreach (var (name, model) in manifest.Models)
        {
            if (model.Last is { } last)
            {
                yield return Searches(
                    $"decode/{name}",
                    model,
                    $"{DecodingManifest.Folder}/{model.Weights}",
                    last,
                    ScalarType.Float64
                );
                yield return Searches(
                    $"decode/{name}",
                    model,
                    $"{DecodingManifest.Folder}/{model.Weights}",
                    last,
                    ScalarType.Float32
                );
            }

            if (model.Averaged is { } averaged && manifest.Average is { Output: var mean })
            {
                yield return Searches(
                    $"decode/{name}.averaged",
                    model,
                    $"{DecodingManifest.AverageFolder}/{mean}",
                    averaged,
                    ScalarType.Float64
                );
                yield return Searches(
                    $"decode/{name}.averaged",
                    model,
                    $"{DecodingManifest.AverageFolder}/{mean}",
                    averaged,
                    ScalarType.Float32
                );
            }
        }
    }

    private Part Searches(
        string name,
        RecordedTranslator translator,
        string weights,
        string searches,
        ScalarType precision
    )
    {
        if (translator.Architecture.Options is not { } options)
        {
            return Part.Of(Quantity.NotYet(name, translator.Architecture.WhyNot));
        }

        var place = $"{name}/{precision.ToString().ToLowerInvariant()}";
        return new Part(
            place,
            () => Compare(place, weights, options, $"{DecodingManifest.Folder}/{searches}", precision)
        );
    }

    private IEnumerable<Quantity> Compare(
        string place,
        string weights,
        ModelOptions options,
        string file,
        ScalarType precision
    )
    {
        using var model = new ReferenceModels(folder).Load(weights, options, precision);
        var sources = Sources();
        foreach (var search in folder.Read<IReadOnlyList<RecordedSearch>>(file))
        {
            var configuration = SearchConfiguration.Of(search.Config, manifest.Defaults, folder.PathOf(file));
            var settings = search
                .Config.Where(entry => entry.Key != "note")
                .Select(entry => $"{entry.Key}={entry.Value}");
            var name = $"{place}/{string.Join(' ', settings)}{(configuration.Alone ? " alone" : "")}";
            if (configuration.Missing is { } missing)
            {
                yield return Quantity.NotYet(name, $"the search has no {missing} yet");
                continue;
            }

            if (search.NbestPerSourceFloat64run.Count != sources.Length)
            {
                throw new UserErrorException(
                    $"{folder.PathOf(file)}: there are results for {search.NbestPerSourceFloat64run.Count} sources, "
                        + $"but the batch has {sources.Length}."
                );
            }

            var beam = new BeamSearch(model, configuration.Options);
            var found = configuration.Alone
                ? [.. sources.SelectMany(source => beam.Search([source]))]
                : beam.Search(sources);
            yield return Tokens($"{name}/tokens", search.NbestPerSourceFloat64run, found);
            yield return Scores(
                $"{name}/scores",
                search.NbestPerSourceFloat64run,
                found,
                Tolerances.ScoresIn(precision)
            );
        }
    }

    private static Quantity Tokens(
        string name,
        IReadOnlyList<IReadOnlyList<RecordedHypothesis>> expected,
        IReadOnlyList<IReadOnlyList<Hypothesis>> found
    )
    {
        var comparison = new Comparison(name);
        foreach (var (where, wanted, got) in Pairs(expected, found))
        {
            comparison.Same(
                got is null ? $"{where} is missing"
                : wanted.Tokens.SequenceEqual(got.Tokens) ? null
                : $"{where} is {string.Join(' ', got.Tokens)} instead of {string.Join(' ', wanted.Tokens)}"
            );
        }

        return comparison.Result($"{comparison.Pieces} hypotheses");
    }

    private static Quantity Scores(
        string name,
        IReadOnlyList<IReadOnlyList<RecordedHypothesis>> expected,
        IReadOnlyList<IReadOnlyList<Hypothesis>> found,
        Tolerance tolerance
    )
    {
        var comparison = new Comparison(name);
        foreach (var (where, wanted, got) in Pairs(expected, found))
        {
            if (got is not null)
            {
                comparison.Add($"score of {where}", wanted.Score, got.Score, tolerance);
                comparison.Add(
                    $"tokens' scores of {where}",
                    wanted.PositionalScores,
                    [.. got.TokenLogProbabilities],
                    tolerance
                );
            }
        }

        return comparison.Result();
    }

    /// <summary>What was recorded next to what was found; the search may find more than was recorded.</summary>
    private static IEnumerable<(string Where, RecordedHypothesis Wanted, Hypothesis? Got)> Pairs(
        IReadOnlyList<IReadOnlyList<RecordedHypothesis>> expected,
        IReadOnlyList<IReadOnlyList<Hypothesis>> found
    ) =>
        from source in Enumerable.Range(0, expected.Count)
        from rank in Enumerable.Range(0, expected[source].Count)
        select ($"source {source}, rank {rank}", expected[source][rank], found[source].ElementAtOrDefault(rank));

    /// <summary>The sources without padding.</summary>
    private int[][] Sources()
    {
        using var batch = folder.Open($"{DecodingManifest.Folder}/{manifest.Batch}");
        var rows = batch["src_tokens"];
        return
        [
            .. rows.data<long>()
                .ToArray()
                .Chunk((int)rows.shape[1])
                .Select(row => row.Where(id => id != Vocabulary.Pad).Select(id => (int)id).ToArray()),
        ];
    }
}
