using Samples.Comparison;
using TorchSharp.Modules;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace Samples.DecoderOnly;

/// <summary>Two matrices with ReLU between them, at each position.</summary>
internal sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    private readonly Linear expand;
    private readonly Linear project;
    private readonly LayerNorm? norm; // of what the second matrix reads

    public FeedForward(int dim, Initialization initialization, BranchNorm norms = BranchNorm.None)
        : base(nameof(FeedForward))
    {
        expand = nn.Linear(dim, 2 * dim).Drawn(initialization);
        project = nn.Linear(2 * dim, dim).Drawn(initialization);
        norm = norms == BranchNorm.BeforeOutput ? nn.LayerNorm(2 * dim) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var hidden = nn.functional.relu(expand.forward(x));
        return project.forward(norm is null ? hidden : norm.forward(hidden));
    }
}
