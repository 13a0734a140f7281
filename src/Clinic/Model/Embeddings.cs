using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// The matrices that stand between token ids and the residual stream: source and target embeddings and the output
/// projection, shared as the options say. All are <c>[vocabulary, dim]</c>, drawn from N(0, 1/dim).
/// </summary>
public sealed class Embeddings : nn.Module
{
    /// <summary>Freshly drawn matrices.</summary>
    public Embeddings(ModelOptions options, int vocabulary, long padding, ParameterInitializer initializer)
        : base(nameof(Embeddings))
    {
        Parameter Draw(string name)
        {
            var weight = initializer.Embedding(vocabulary, options.Dim, padding);
            register_parameter(name, weight);
            return weight;
        }

        switch (options.SharedEmbeddings)
        {
            case EmbeddingSharing.All:
                Source = Target = Output = Draw("shared");
                break;
            case EmbeddingSharing.Decoder:
                Source = Draw("source");
                Target = Output = Draw("target");
                break;
            case EmbeddingSharing.None:
                Source = Draw("source");
                Target = Draw("target");
                Output = Draw("output");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(options), options.SharedEmbeddings, "This way of sharing embeddings is not known.");
        }
    }

    /// <summary>Source embedding.</summary>
    public Parameter Source { get; }

    /// <summary>Target embedding.</summary>
    public Parameter Target { get; }

    /// <summary>Output projection (it has no bias).</summary>
    public Parameter Output { get; }
}
