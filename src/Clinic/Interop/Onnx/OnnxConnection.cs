using TransformerClinic.Common;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
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
    private readonly OnnxStreams _streams;
    private readonly OnnxMix? _mix;

    /// <summary>The connection as its parameters are now.</summary>
    /// <exception cref="UserErrorException">A graph cannot hold it.</exception>
    public OnnxConnection(
        OnnxGraph graph,
        OnnxWeights weights,
        string name,
        ResidualConnection residual,
        OnnxStreams streams
    )
    {
        (_graph, _weights, _name, _streams) = (graph, weights, name, streams);
        _form = Obstacle(name, residual) is { } obstacle ? throw new UserErrorException(obstacle) : residual.Form!;
        _shortcutScale = Scale(_form.Shortcut, residual.Dim);
        var branch = Scale(_form.Branch, residual.Dim);
        _innerScale = _form.Inner is null ? null : branch;
        BranchScale = _form.Inner is null ? branch : null;
        _mix = _form.Streams is { } mix ? new OnnxMix(graph, weights, name, mix) : null;
    }

    /// <summary>Why a graph cannot hold a connection, in words; null if it can.</summary>
    public static string? Obstacle(string name, ResidualConnection residual) =>
        residual.Form is not { } form
            ? $"{name}: {residual.GetType().Name} has no equation, which a graph needs; it may have more than one "
                + "residual stream."
        : form.Norms.FirstOrDefault(norm => !NormKinds.Include(norm.Module)) is { Module: var other }
            ? $"{name}: its normalization is of the type {other.GetType().Name}; the graph holds layer "
                + "normalizations, RMS normalizations and ScaleNorm."
        : null;

    /// <summary>What the branch's last matrix takes, channel by channel; null for 1.</summary>
    public double[]? BranchScale { get; }

    /// <summary>
    /// The sublayer's output for <paramref name="x"/>, which may be streams; <paramref name="branch"/> adds f.
    /// </summary>
    public string Apply(string x, Func<string, string> branch)
    {
        if (_mix is not null)
        {
            return _mix.Write(x, branch(Norm("before", _form.Before, _mix.Read(x))));
        }

        if (_form.BeginsLayer)
        {
            _streams.LayerInput = x;
        }

        var read = _form.Sum?.Read is { } norm ? _graph.Node("Add", [x, Norm("read", norm, _streams.Sum!)]) : x;
        var output = branch(Norm("before", _form.Before, read));
        output = Times("branch_scale", Norm("inner", _form.Inner, output), _innerScale);
        if (_form.Sum is { } streams)
        {
            _streams.Sum = _graph.Node("Add", [_streams.Sum!, _streams.Scaled(output, streams.Scale)]);
        }

        var sum = _graph.Node("Add", [Times("shortcut_scale", x, _shortcutScale), output]);
        sum = _form.AddsLayerInput ? _graph.Node("Add", [sum, _streams.LayerInput!]) : sum;
        return Mixed(Norm("after", _form.After, sum));
    }

    /// <summary>What the next sublayer reads of the output: where it is that of a layer, it may be a mix.</summary>
    private string Mixed(string output)
    {
        if (_form.History is not { } history || history.WeightValues() is not { } weights)
        {
            return output;
        }

        _streams.Kept.Add(Norm("stored", history.Stored, output));
        return Norm("mixed", history.Mixed, _streams.MixOf(weights));
    }

    private string Norm(string which, ScaledNorm? norm, string x)
    {
        if (norm is null)
        {
            return x;
        }

        return OnnxNorm.Of(_graph, _weights, $"{_name}.{which}", norm, x);
    }

    private string Times(string which, string x, double[]? scale) =>
        scale is null ? x : _graph.Node("Mul", [x, _weights.Tensor($"{_name}.{which}", tensor(scale))]);

    private static double[]? Scale(ResidualScale scale, long dim) =>
        scale.Values(dim) is var values && values.All(value => value == 1) ? null : values;
}
