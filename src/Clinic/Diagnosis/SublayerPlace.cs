using System.Text.Json.Serialization;
using TransformerClinic.Model;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// Where a sublayer is in the model that is examined: an address in a Transformer of ours; in a third-party model, in
/// which nothing says which sublayers make up a layer, the module path of its connection.
/// </summary>
public sealed record SublayerPlace
{
    /// <summary>The place of a sublayer of our Transformer.</summary>
    internal SublayerPlace(SublayerAddress address) =>
        (Stack, Layer, Name, Address) = (address.Stack.Word(), address.Layer, address.Kind.ModuleName(), address);

    /// <summary>The place of a sublayer of a third-party model.</summary>
    /// <param name="stack">What <see cref="DiagnosedPass.StackOf"/> calls its stack.</param>
    /// <param name="number">How many sublayers of its stack come before it in the pass.</param>
    /// <param name="path">The module path of its connection.</param>
    public SublayerPlace(string stack, int number, string path) => (Stack, Layer, Name) = (stack, number, path);

    /// <summary>
    /// Its stack: <c>encoder</c> or <c>decoder</c>; in a third-party model what <see cref="DiagnosedPass.StackOf"/>
    /// says.
    /// </summary>
    public string Stack { get; }

    /// <summary>Its layer, from 0 at the input; in a third-party model each sublayer counts as one.</summary>
    public int Layer { get; }

    /// <summary>
    /// The name of its module, such as <c>self_attention</c>; in a third-party model the module path of its connection.
    /// </summary>
    public string Name { get; }

    /// <summary>What the authors' <c>--plot_gradient</c> calls it; null in a third-party model.</summary>
    public string? ReferenceName => Address?.PlotName();

    /// <summary>Its address in our Transformer; null in a third-party model.</summary>
    [JsonIgnore]
    internal SublayerAddress? Address { get; }

    /// <summary>
    /// The words for people: <c>encoder layer 4, self-attention</c>, or the module path of its connection.
    /// </summary>
    public override string ToString() => Address?.ToString() ?? Name;

    /// <summary>The place of a connection.</summary>
    /// <param name="stack">What the pass calls its stack.</param>
    /// <param name="path">Its module path: <c>encoder.layers.3.self_attention.residual</c> in our Transformer.</param>
    /// <param name="number">How many sublayers of its stack come before it in the pass.</param>
    internal static SublayerPlace Of(string stack, string path, int number) =>
        SublayerAddress.OfPath(path) is { } address
        && path == $"{address.Path}.{Sublayer.ResidualName}"
        && stack == address.Stack.Word()
            ? new SublayerPlace(address)
            : new SublayerPlace(stack, number, path);
}
