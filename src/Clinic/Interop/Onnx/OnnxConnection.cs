using TorchSharp.Modules;
using TransformerClinic.Common;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Onnx;

/// <summary>
/// A residual connection in a graph, by its equation: <c>y = after(s * x + b * inner(f(before(x))))</c>. The branch's
/// last matrix takes b, unless a normalization follows that matrix.
/// </summary>
internal sealed class OnnxConnection
{
    private readonly OnnxGraph _graph;
    private readonly OnnxWeights _weights;
    private readonly string _name;
    private readonly ResidualForm _form;
    private readonly double[]? _shortcutScale;
    private readonly double[]? _innerScale;

    /// <summary>The connection as its parameters are now.</summary>
    /// <exception cref="UserErrorException">The connection has no equation with one stream.</exception>
    public OnnxConnection(OnnxGraph graph, OnnxWeights weights, string name, ResidualConnection residual)
    {
        (_graph, _weights, _name) = (graph, weights, name);
        _form = Obstacle(name, residual) is { } obstacle ? throw new UserErrorException(obstacle) : residual.Form!;
        _shortcutScale = Scale(_form.Shortcut, residual.Dim);
        var branch = Scale(_form.Branch, residual.Dim);
        _innerScale = _form.Inner is null ? null : branch;
        BranchScale = _form.Inner is null ? branch : null;
    }

    /// <summary>Why a graph cannot hold a connection, in words; null if it can.</summary>
    public static string? Obstacle(string name, ResidualConnection residual) =>
        residual.Form is not { } form
            ? $"{name}: {residual.GetType().Name} has more than one residual stream, and the graph holds one."
        : new[] { form.Before, form.Inner, form.After }.FirstOrDefault(norm => norm is { Module: not LayerNorm })
            is { Module: var other }
            ? $"{name}: its normalization is of the type {other.GetType().Name}; the graph holds layer normalizations."
        : null;

    /// <summary>What the branch's last matrix takes, channel by channel; null for 1.</summary>
    public double[]? BranchScale { get; }

    /// <summary>The sublayer's output for <paramref name="x"/>; <paramref name="branch"/> adds f.</summary>
    public string Apply(string x, Func<string, string> branch)
    {
        var output = branch(Norm("before", _form.Before, x));
        output = Times("branch_scale", Norm("inner", _form.Inner, output), _innerScale);
        var sum = _graph.Node("Add", [Times("shortcut_scale", x, _shortcutScale), output]);
        return Norm("after", _form.After, sum);
    }

    /// <summary><c>LN(x)</c> over the last dimension.</summary>
    public static string Norm(OnnxGraph graph, OnnxWeights weights, string name, LayerNorm norm, string x) =>
        graph.Node(
            "LayerNormalization",
            [
                x,
                weights.Tensor($"{name}.weight", norm.weight!.detach()),
                weights.Tensor($"{name}.bias", norm.bias!.detach()),
            ],
            OnnxAttribute.Of("axis", -1L),
            OnnxAttribute.Of("epsilon", (float)norm.eps)
        );

    private string Norm(string which, ScaledNorm? norm, string x)
    {
        if (norm is null)
        {
            return x;
        }

        var normalized = Norm(_graph, _weights, $"{_name}.{which}", (LayerNorm)norm.Module, x);
        return norm.Factor == 1 ? normalized : _graph.Node("Mul", [normalized, _graph.Number((float)norm.Factor)]);
    }

    private string Times(string which, string x, double[]? scale) =>
        scale is null ? x : _graph.Node("Mul", [x, _weights.Tensor($"{_name}.{which}", tensor(scale))]);

    private static double[]? Scale(ResidualScale scale, long dim) =>
        scale.Values(dim) is var values && values.All(value => value == 1) ? null : values;
}
