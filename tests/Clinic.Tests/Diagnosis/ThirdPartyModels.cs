using TorchSharp;
using TorchSharp.Modules;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Diagnosis;

/// <summary>
/// A third-party model whose states are known in closed form: sublayer i adds <c>s_i h_i</c>, whatever it reads,
/// where the stack's input <c>h_0</c> and all <c>h_i</c> are Walsh functions: -1 and 1 over 8 channels, without a mean,
/// and orthogonal.
/// </summary>
internal sealed class WalshModel : nn.Module<Tensor, Tensor>
{
    private const int Channels = 8;
    private readonly ModuleList<ResidualConnection> connections;
    private readonly ParameterList scales;

    public WalshModel(Func<int, ResidualConnection> connection, params double[] scale)
        : base(nameof(WalshModel))
    {
        connections = new([.. scale.Select(_ => connection(Channels))]);
        scales = new([.. scale.Select(value => new Parameter(tensor(new[] { value })))]);
        RegisterComponents();
        this.to(ScalarType.Float64);
    }

    /// <summary>h_i, <c>[8]</c>: -1 to the number of bits that i + 1 and the channel have in common.</summary>
    public static Tensor Function(int i) =>
        tensor(
            Enumerable
                .Range(0, Channels)
                .Select(channel =>
                    (System.Numerics.BitOperations.PopCount((uint)((i + 1) & channel)) & 1) == 0 ? 1.0 : -1.0
                )
                .ToArray()
        );

    public override Tensor forward(Tensor input) =>
        connections
            .Index()
            .Aggregate(
                input,
                (x, entry) => entry.Item.Connect(x, y => scales[entry.Index] * Function(entry.Index + 1).expand_as(y))
            );
}

/// <summary>
/// A third-party perceptron in training: dropout of torch's own random numbers, a normalization of its own that its
/// Admin connections are given.
/// </summary>
internal sealed class Perceptron : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<Block> blocks;

    public Perceptron(int dim, int depth)
        : base(nameof(Perceptron))
    {
        blocks = new([.. Enumerable.Range(0, depth).Select(_ => new Block(dim))]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => blocks.Aggregate(input, (x, block) => block.forward(x));

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Linear expand,
            project;
        private readonly Dropout dropout = nn.Dropout(0.3);
        private readonly AdminResidual residual;

        public Block(int dim)
            : base(nameof(Block))
        {
            (expand, project) = (nn.Linear(dim, 2 * dim), nn.Linear(2 * dim, dim));
            residual = new AdminResidual(dim, norm: nn.LayerNorm(dim, eps: 1e-3));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) =>
            residual.Connect(x, y => dropout.forward(project.forward(nn.functional.relu(expand.forward(y)))));
    }
}
