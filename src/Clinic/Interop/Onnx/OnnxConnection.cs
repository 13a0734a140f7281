using TorchSharp.Modules;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Onnx;

/// <summary>
/// A residual connection in a graph: <c>y = after(s * x + b * f(before(x)))</c>. The branch's last matrix takes b.
/// </summary>
internal sealed class OnnxConnection
{
    private const float Epsilon = 1e-5f;

    private readonly OnnxWeights _weights;
    private readonly OnnxGraph _graph;
    private readonly string _name;
    private readonly LayerNorm? _before;
    private readonly LayerNorm? _after;
    private readonly double[]? _shortcutScale;

    /// <summary>The connection as its parameters are now.</summary>
    public OnnxConnection(OnnxGraph graph, OnnxWeights weights, string name, ResidualConnection residual)
    {
        (_graph, _weights, _name) = (graph, weights, name);
        switch (residual)
        {
            case PostNormResidual post:
                _after = (LayerNorm)post.Norm;
                _shortcutScale = post.ShortcutScale().All(channel => channel == 1) ? null : post.ShortcutScale();
                BranchScale = post.BranchScale();
                break;
            case PreLnResidual pre:
                _before = (LayerNorm)pre.Norm;
                break;
            case RezeroResidual rezero:
                BranchScale = rezero.Alpha.item<float>();
                break;
            default:
                throw new InvalidOperationException($"The residual connection {residual.GetType().Name} is not known.");
        }
    }

    /// <summary>b, for the branch's last matrix.</summary>
    public double BranchScale { get; } = 1;

    /// <summary>The sublayer's output for <paramref name="x"/>; <paramref name="branch"/> adds <c>b * f</c>.</summary>
    public string Apply(string x, Func<string, string> branch)
    {
        var output = branch(_before is null ? x : Norm(_graph, _weights, $"{_name}.norm", _before, x));
        var shortcut = _shortcutScale is null
            ? x
            : _graph.Node("Mul", [x, _weights.Tensor($"{_name}.shortcut_scale", tensor(_shortcutScale))]);
        var sum = _graph.Node("Add", [shortcut, output]);
        return _after is null ? sum : Norm(_graph, _weights, $"{_name}.norm", _after, sum);
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
            OnnxAttribute.Of("epsilon", Epsilon)
        );
}
