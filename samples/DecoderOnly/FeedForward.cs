using Samples.Comparison;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Samples.DecoderOnly;

/// <summary>Two matrices with ReLU between them, at each position.</summary>
internal sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    private readonly Linear expand;
    private readonly Linear project;

    public FeedForward(int dim, Initialization initialization)
        : base(nameof(FeedForward))
    {
        expand = nn.Linear(dim, 2 * dim).Drawn(initialization);
        project = nn.Linear(2 * dim, dim).Drawn(initialization);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => project.forward(nn.functional.relu(expand.forward(x)));
}
