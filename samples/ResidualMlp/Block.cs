using Samples.Comparison;
using TorchSharp.Modules;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace Samples.ResidualMlp;

/// <summary>
/// A residual block as it was, <c>LN(x + f(x))</c>, and what Admin changes in it: one field and one expression.
/// </summary>
internal sealed class Block : nn.Module<Tensor, Tensor>
{
    private readonly Linear expand;
    private readonly Linear project;
    private readonly LayerNorm norm;
    private readonly AdminResidual? residual; // added; null leaves the network as it was

    public Block(int dim, Initialization initialization, bool admin)
        : base(nameof(Block))
    {
        expand = nn.Linear(dim, dim).Drawn(initialization);
        project = nn.Linear(dim, dim).Drawn(initialization);
        norm = nn.LayerNorm(dim);
        residual = admin ? new AdminResidual(dim, norm: nn.Identity()) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var f = project.forward(nn.functional.relu(expand.forward(x)));
        return norm.forward(residual is null ? x + f : residual.call(x, f)); // was: norm.forward(x + f)
    }
}
