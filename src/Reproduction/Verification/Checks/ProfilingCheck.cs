using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Model;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>
/// Admin's profiling of the initial weights, with padding counted in the variances as the reference does.
/// </summary>
internal sealed class ProfilingCheck(ReferenceFolder folder, ModelManifest manifest) : ICheck
{
    private static readonly (string Run, ScalarType Precision)[] Runs =
    [
        ("float64run", ScalarType.Float64),
        ("float32run", ScalarType.Float32),
    ];

    /// <inheritdoc/>
    public IEnumerable<Part> Parts() =>
        from variant in manifest.Variants.Keys
        let options = manifest.Architecture(variant).Options
        where
            options is not null
            && options.Encoder.Variant == ResidualVariant.Admin
            && options.Decoder.Variant == ResidualVariant.Admin
        from run in Runs
        where folder.Has(Ratios(variant, run.Run)) && folder.Has(Weights(variant))
        let name = $"model/{variant}/profiling/{run.Precision.ToString().ToLowerInvariant()}"
        select new Part(name, () => Compare(name, variant, run.Run, options, run.Precision));

    private static string Ratios(string variant, string run) => $"model/{variant}/profile.ratio.init.{run}.txt";

    private static string Weights(string variant) => $"model/{variant}/init.weights.safetensors";

    private IEnumerable<Quantity> Compare(
        string name,
        string variant,
        string run,
        ModelOptions options,
        ScalarType precision
    )
    {
        using var noGradient = no_grad();
        using var model = new ReferenceModels(folder).Load(Weights(variant), options, precision);
        using var pass = new RecordedPass(model);
        var batch = ReferenceBatch.Open(folder, "model/batch.safetensors");
        var found = AdminProfiler.Run(model, () => pass.Run(batch));
        var omegas = Read(Ratios(variant, run));
        if (omegas.Count != found.Count)
        {
            throw new UserErrorException(
                $"{folder.PathOf(Ratios(variant, run))}: there are {omegas.Count} ratios, but a model of this depth "
                    + $"has {found.Count} sublayers."
            );
        }

        yield return Omegas($"{name}/omega", omegas, found, Tolerances.In(precision));
        var recorded = manifest.Variants[variant].Profiling;
        yield return Variances(
            $"{name}/variances",
            omegas,
            precision == ScalarType.Float64 ? recorded?.F64 : recorded?.F32,
            found,
            Tolerances.In(precision)
        );
        var tensors = $"model/{variant}/profiling.{run}.safetensors";
        if (folder.Has(tensors))
        {
            using var expected = folder.Open(tensors);
            foreach (var quantity in Tensors(name, expected, model, pass, Tolerances.In(precision)))
            {
                yield return quantity;
            }
        }
    }

    /// <summary>The ratios in a file: one line <c>index value</c> per sublayer, encoder first.</summary>
    private List<double> Read(string name)
    {
        var path = folder.PathOf(name);
        return
        [
            .. TextLines
                .Read(path)
                .Select(
                    (line, i) =>
                        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var ratio]
                        && double.TryParse(ratio, CultureInfo.InvariantCulture, out var value)
                            ? value
                            : throw new UserErrorException(
                                $"{path}, line {i + 1}: '{line}' is not a sublayer's number and its ratio."
                            )
                ),
        ];
    }

    private static Quantity Omegas(
        string name,
        List<double> expected,
        IReadOnlyList<ProfiledConnection> found,
        Tolerance tolerance
    )
    {
        var comparison = new Comparison(name);
        foreach (var (wanted, connection) in expected.Zip(found))
        {
            comparison.Add($"{connection.Chain} {connection.Index}", wanted, connection.Omega, tolerance);
        }

        return comparison.Result($"{found.Count} sublayers");
    }

    /// <summary>
    /// <c>Var[x * omega] + Var[f(x)]</c> of each sublayer is the square of the next one's ratio; the value of a stack's
    /// last sublayer is in the manifest.
    /// </summary>
    private static Quantity Variances(
        string name,
        List<double> omegas,
        RecordedRatios? last,
        IReadOnlyList<ProfiledConnection> found,
        Tolerance tolerance
    )
    {
        var comparison = new Comparison(name);
        for (var i = 0; i < found.Count; i++)
        {
            var isLast = i + 1 == found.Count || found[i + 1].Chain != found[i].Chain;
            var next =
                !isLast ? omegas[i + 1]
                : i + 1 == found.Count ? last?.DecoderRatioAfterLastSublayer
                : last?.EncoderRatioAfterLastSublayer;
            if (next is { } ratio)
            {
                comparison.Add(
                    $"{found[i].Chain} {found[i].Index}",
                    ratio * ratio,
                    found[i].ShortcutVariance + found[i].BranchVariance,
                    tolerance
                );
            }
        }

        return comparison.Result("Var[x * omega] + Var[f(x)] of each sublayer");
    }

    private static IEnumerable<Quantity> Tensors(
        string name,
        ReferenceTensors expected,
        Transformer model,
        RecordedPass pass,
        Tolerance tolerance
    )
    {
        const string Prefix = "ratio_after:";
        var vectors = new Comparison($"{name}/ratio_after");
        foreach (var (parameter, value) in model.named_parameters())
        {
            var recorded = Prefix + FairseqNames.OfParameter(parameter);
            if (expected.Has(recorded))
            {
                vectors.Add(recorded, expected[recorded], value, tolerance);
            }
        }

        yield return vectors.Result($"{vectors.Pieces} vectors");
        foreach (
            var activation in expected.Names.Where(recorded => !recorded.StartsWith(Prefix, StringComparison.Ordinal))
        )
        {
            var comparison = new Comparison($"{name}/{activation}");
            if (pass[activation] is { } found)
            {
                comparison.Add(activation, expected.BatchFirst(activation), found, tolerance);
            }
            else
            {
                comparison.Fail($"there is no {activation} here");
            }

            yield return comparison.Result();
        }
    }
}
