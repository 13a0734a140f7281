using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// The matrices between token ids and the residual stream: source and target embeddings and the output
/// projection, shared as the options say. All are <c>[vocabulary, dim]</c>, drawn from N(0, 1/dim).
/// </summary>
/// <remarks>Parameters are looked up, not kept: moving a module to another type or device replaces them.</remarks>
internal sealed class Embeddings : nn.Module
{
    private readonly string _source;
    private readonly string _target;
    private readonly string _output;

    /// <summary>Freshly drawn matrices.</summary>
    public Embeddings(ModelOptions options, int vocabulary, long padding, ParameterInitializer initializer)
        : base(nameof(Embeddings))
    {
        (_source, _target, _output) = options.SharedEmbeddings switch
        {
            EmbeddingSharing.All => ("shared", "shared", "shared"),
            EmbeddingSharing.Decoder => ("source", "target", "target"),
            EmbeddingSharing.None => ("source", "target", "output"),
            _ => throw new ArgumentOutOfRangeException(
                nameof(options),
                options.SharedEmbeddings,
                "This way of sharing embeddings is not known."
            ),
        };
        foreach (var name in new[] { _source, _target, _output }.Distinct())
        {
            register_parameter(name, initializer.Embedding(vocabulary, options.Dim, padding));
        }
    }

    /// <summary>Source embedding.</summary>
    public Parameter Source => get_parameter(_source)!;

    /// <summary>Target embedding.</summary>
    public Parameter Target => get_parameter(_target)!;

    /// <summary>Output projection (it has no bias).</summary>
    public Parameter Output => get_parameter(_output)!;
}
