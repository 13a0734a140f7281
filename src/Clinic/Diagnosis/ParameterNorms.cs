using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// The Euclidean norm of something that has a parameter's shape, its gradient <c>|dL/dW|</c> or its change <c>|W_t -
/// W_0|</c>; of a third of it where queries, keys and values are one matrix.
/// </summary>
/// <param name="Name">Our name of the parameter.</param>
/// <param name="Group">What it is for.</param>
/// <param name="Norm">The norm.</param>
/// <param name="Elements">How many numbers it has.</param>
public sealed record ParameterNorm(string Name, ParameterGroup Group, double Norm, long Elements)
{
    /// <summary><c>Norm / sqrt(Elements)</c>, which does not depend on the parameter's size.</summary>
    public double RootMeanSquare => Norm / Math.Sqrt(Elements);
}

/// <summary>The norm of all parameters of a group together.</summary>
/// <param name="Group">The group.</param>
/// <param name="Norm">Euclidean norm.</param>
/// <param name="Elements">How many numbers it has.</param>
internal sealed record GroupNorm(ParameterGroup Group, double Norm, long Elements)
{
    /// <summary><c>Norm / sqrt(Elements)</c>, which does not depend on the group's size.</summary>
    public double RootMeanSquare => Norm / Math.Sqrt(Elements);
}

/// <summary>Norms by parameter and by group.</summary>
internal static class ParameterNorms
{
    /// <summary>The norms of a parameter's parts, or of anything that has its shape.</summary>
    public static IEnumerable<ParameterNorm> Of(string name, Tensor values) =>
        ParameterGroups
            .Of(name, values)
            .Select(entry => new ParameterNorm(name, entry.Group, Norm.Of(entry.Part), entry.Part.numel()));

    /// <summary>The norms of the groups of the parameters: <c>sqrt(sum of their squares)</c>.</summary>
    public static IReadOnlyList<GroupNorm> ByGroup(IEnumerable<ParameterNorm> parameters) =>
        [
            .. from parameter in parameters
            group parameter by parameter.Group into parts
            orderby parts.Key
            select new GroupNorm(
                parts.Key,
                Math.Sqrt(parts.Sum(part => part.Norm * part.Norm)),
                parts.Sum(part => part.Elements)
            ),
        ];

    /// <summary>
    /// Each matrix's root mean square relative to the largest, as the paper's figures 5 and 11 show norms. Biases,
    /// normalizations and scales are left out: they are of a different nature. Zeros stay zeros.
    /// </summary>
    public static IReadOnlyList<(ParameterNorm Parameter, double Relative)> RelativeToLargest(
        IEnumerable<ParameterNorm> parameters
    )
    {
        ParameterNorm[] matrices =
        [
            .. parameters.Where(parameter =>
                ParameterGroups.IsPerturbed(parameter.Name) && parameter.Group != ParameterGroup.Alpha
            ),
        ];
        var largest = matrices.Select(parameter => parameter.RootMeanSquare).DefaultIfEmpty().Max();
        return [.. matrices.Select(parameter => (parameter, largest == 0 ? 0 : parameter.RootMeanSquare / largest))];
    }
}
