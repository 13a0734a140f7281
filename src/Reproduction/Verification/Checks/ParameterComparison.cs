using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Model;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>
/// Compares a file that has a tensor for each parameter, under the reference's names, with a model's.
/// </summary>
internal static class ParameterComparison
{
    private const string InputBias = "input_projection.bias";

    /// <summary>
    /// Adds every parameter in the file, without the keys' bias; anything else in the file is a failure.
    /// </summary>
    /// <param name="comparison">The comparison they are added to.</param>
    /// <param name="expected">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="of">What to compare: the parameter itself, or its gradient.</param>
    /// <param name="tolerance">What is allowed, by the type in which the file stores the tensor.</param>
    /// <param name="scaleOfNumbers">
    /// For a parameter that is one number: what its difference is relative to if the number is smaller.
    /// </param>
    public static void Add(
        Comparison comparison,
        ReferenceTensors expected,
        Transformer model,
        Func<Tensor, Tensor> of,
        Func<ScalarType, Tolerance> tolerance,
        double scaleOfNumbers = 0
    )
    {
        var unread = expected.Names.Where(name => !FairseqNames.IsConstant(name)).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (expected.Parameters.NamesOf(name) is not { Count: > 0 } names)
            {
                continue;
            }

            var (wanted, found) = (expected.Parameters[name], of(parameter));
            var scale = wanted.numel() == 1 ? scaleOfNumbers : 0;
            comparison.Add(
                FairseqNames.OfParameter(name),
                Compared(name, wanted),
                Compared(name, found),
                tolerance(wanted.dtype),
                scale
            );
            unread.ExceptWith(names);
        }

        foreach (var name in unread)
        {
            comparison.Fail($"there is no parameter {name} here");
        }
    }

    private static Tensor Compared(string name, Tensor value)
    {
        if (!name.EndsWith(InputBias, StringComparison.Ordinal))
        {
            return value;
        }

        var (queries, values) = (value.chunk(3)[0], value.chunk(3)[2]);
        return cat([queries, values]);
    }
}
