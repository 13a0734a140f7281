using TorchSharp;
using TransformerClinic.Runs;
using static TorchSharp.torch;
using Transformer = TransformerClinic.Model.Transformer;

namespace TransformerClinic.Workflows.Foldings;

/// <summary>A model and its folded form in the precisions in which they are compared.</summary>
internal sealed class FoldedPair : IDisposable
{
    /// <summary>A pair of the original and its fold in float64, with the folded weights as they were stored.</summary>
    /// <param name="source">Where the original is.</param>
    /// <param name="original">The original in float32; it is not disposed here.</param>
    /// <param name="folded">The fold in float64, not rounded; it is not disposed here.</param>
    /// <param name="stored">Where the folded weights were stored.</param>
    public FoldedPair(ModelSource source, Transformer original, Transformer folded, ModelSource stored)
    {
        (Original32, Folded) = (original, folded);
        Original = Wide(source.Load(CPU));
        (Stored32, Stored) = (stored.Load(CPU), Wide(stored.Load(CPU)));
    }

    /// <summary>The original, computing in float64.</summary>
    public Transformer Original { get; }

    /// <summary>The fold in float64, not rounded.</summary>
    public Transformer Folded { get; }

    /// <summary>The stored fold, computing in float64.</summary>
    public Transformer Stored { get; }

    /// <summary>The original in float32.</summary>
    public Transformer Original32 { get; }

    /// <summary>The stored fold in float32.</summary>
    public Transformer Stored32 { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var model in new[] { Original, Stored, Stored32 })
        {
            model.Dispose();
        }
    }

    private static Transformer Wide(Transformer model)
    {
        model.to(ScalarType.Float64);
        return model;
    }
}
