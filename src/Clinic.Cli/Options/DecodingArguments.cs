using System.CommandLine;
using System.Numerics;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;

namespace TransformerClinic.Cli.Options;

/// <summary>The options of a search; options that are not given keep the values of the model's recipe.</summary>
internal sealed class DecodingArguments
{
    private readonly Option<int?> _beam = Of<int>(
        nameof(DecodingOptions.Beam),
        "--beam",
        "Hypotheses kept at every step; 1 is greedy search."
    );
    private readonly Option<double?> _lengthPenalty = Of<double>(
        nameof(DecodingOptions.LengthPenalty),
        "--length-penalty",
        "Scores are divided by length to this power."
    );
    private readonly Option<LengthNormalization?> _normalization = NamedOption.Of<LengthNormalization>(
        "--length-normalization",
        "What is raised to that power: the length (power), or (5 + length) / 6 (gnmt)."
    );
    private readonly Option<double?> _coverage = Of<double>(
        nameof(DecodingOptions.CoveragePenalty),
        "--coverage-penalty",
        "Weight of GNMT's coverage penalty; 0 turns it off."
    );
    private readonly Option<double?> _maxLengthA = Of<double>(
        nameof(DecodingOptions.MaxLengthA),
        "--max-length-a",
        "Longest translation: this times the source's subwords ..."
    );
    private readonly Option<int?> _maxLengthB = Of<int>(
        nameof(DecodingOptions.MaxLengthB),
        "--max-length-b",
        "... plus this many."
    );
    private readonly Option<double?> _minLengthA = Of<double>(
        nameof(DecodingOptions.MinLengthA),
        "--min-length-a",
        "Shortest translation: this times the source's subwords ..."
    );
    private readonly Option<int?> _minLength = Of<int>(
        nameof(DecodingOptions.MinLength),
        "--min-length",
        "... plus this many."
    );
    private readonly Option<int?> _noRepeat = Of<int>(
        nameof(DecodingOptions.NoRepeatNgram),
        "--no-repeat-ngram",
        "No run of this many subwords occurs twice; 0 allows all."
    );
    private readonly Option<double?> _temperature = Of<double>(
        nameof(DecodingOptions.Temperature),
        "--temperature",
        "Logits are divided by this; more than 1 flattens the probabilities."
    );
    private readonly Option<DecodingPrecision?> _precision = NamedOption.Of<DecodingPrecision>(
        "--precision",
        "Weights in memory while translating: fp32; int8, several times as fast; or bf16, in between. Default: the "
            + "model's recipe's."
    );
    private readonly Option<int?> _tokensPerBatch = Of<int>(
        nameof(DecodingOptions.TokensPerBatch),
        "--tokens-per-batch",
        "Source tokens translated at a time, padding included."
    );
    private readonly Option<bool> _sample = new("--sample")
    {
        Description = "Draws translations instead of searching for the most probable one; --nbest says how many.",
    };
    private readonly Option<int?> _topK = RangedOption.Of<Sampling, int>(
        nameof(Sampling.TopK),
        "--top-k",
        "Draws only from this many of the most probable subwords."
    );
    private readonly Option<double?> _topP = RangedOption.Of<Sampling, double>(
        nameof(Sampling.TopP),
        "--top-p",
        "Draws only from the fewest most probable subwords that together have this probability."
    );
    private readonly Option<long?> _seed = Shared.Seed(
        "Seed of the random draws: equal seeds draw equal translations. Default: 1."
    );
    private readonly Option<int?> _groups = RangedOption.Of<DiverseBeam, int>(
        nameof(DiverseBeam.Groups),
        "--diverse-groups",
        "Splits the beam into this many groups that avoid each other's choices."
    );
    private readonly Option<double?> _strength = RangedOption.Of<DiverseBeam, double>(
        nameof(DiverseBeam.Strength),
        "--diverse-strength",
        "Cost of a choice that earlier groups made, in nats. Default: 0.5."
    );

    public IReadOnlyList<Symbol> All =>
        [
            _beam,
            _lengthPenalty,
            _normalization,
            _coverage,
            _maxLengthA,
            _maxLengthB,
            _minLengthA,
            _minLength,
            _noRepeat,
            _temperature,
            _precision,
            _tokensPerBatch,
            _sample,
            _topK,
            _topP,
            _seed,
            _groups,
            _strength,
        ];

    /// <summary>The options, applied over those of a model's recipe.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="recipe">The values for everything it does not set.</param>
    /// <param name="nbest">How many translations are wanted; this is also the number of draws.</param>
    public DecodingOptions Options(ParseResult parsed, DecodingOptions recipe, int? nbest) =>
        recipe with
        {
            Beam = parsed.GetValue(_beam) ?? (Method(parsed) is Sampling ? nbest ?? 1 : recipe.Beam),
            LengthPenalty = parsed.GetValue(_lengthPenalty) ?? recipe.LengthPenalty,
            LengthNormalization = parsed.GetValue(_normalization) ?? recipe.LengthNormalization,
            CoveragePenalty = parsed.GetValue(_coverage) ?? recipe.CoveragePenalty,
            MaxLengthA = parsed.GetValue(_maxLengthA) ?? recipe.MaxLengthA,
            MaxLengthB = parsed.GetValue(_maxLengthB) ?? recipe.MaxLengthB,
            MinLengthA = parsed.GetValue(_minLengthA) ?? recipe.MinLengthA,
            MinLength = parsed.GetValue(_minLength) ?? recipe.MinLength,
            NoRepeatNgram = parsed.GetValue(_noRepeat) ?? recipe.NoRepeatNgram,
            Temperature = parsed.GetValue(_temperature) ?? recipe.Temperature,
            Precision = parsed.GetValue(_precision) ?? recipe.Precision,
            TokensPerBatch = parsed.GetValue(_tokensPerBatch) ?? recipe.TokensPerBatch,
        };

    /// <summary>The method of the search; null for beam search.</summary>
    /// <exception cref="UserErrorException">Two methods are requested, or an option belongs to a method that is
    /// not.</exception>
    public SearchMethod? Method(ParseResult parsed)
    {
        var draws = parsed.GetValue(_sample);
        var groups = parsed.GetValue(_groups);
        var (topK, topP, seed) = (parsed.GetValue(_topK), parsed.GetValue(_topP), parsed.GetValue(_seed));
        var ofSampling = topK is not null || topP is not null || seed is not null;
        var strength = parsed.GetValue(_strength);
        return (draws, groups) switch
        {
            (true, not null) => throw new UserErrorException(
                "--sample draws and --diverse-groups searches: choose one."
            ),
            (false, _) when ofSampling => throw new UserErrorException(
                "--top-k, --top-p and --seed belong to --sample."
            ),
            (_, null) when strength is not null => throw new UserErrorException(
                "--diverse-strength belongs to --diverse-groups."
            ),
            (true, _) => new Sampling
            {
                TopK = topK ?? 0,
                TopP = topP ?? 1,
                Seed = seed ?? 1,
            },
            (_, { } count) => new DiverseBeam { Groups = count, Strength = strength ?? new DiverseBeam().Strength },
            _ => null,
        };
    }

    private static Option<T?> Of<T>(string property, string name, string description)
        where T : struct, INumber<T> =>
        RangedOption.Of<DecodingOptions, T>(property, name, $"{description} Default: the model's recipe's.");
}
