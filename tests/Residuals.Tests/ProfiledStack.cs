using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Tests;

/// <summary>Four sublayers with the branches <c>sin(x), sin(2x), sin(3x), sin(4x)</c>.</summary>
internal sealed class ProfiledStack : nn.Module<Tensor, Tensor>
{
    public const int Dim = 5;
    public const int Depth = 4;

    public ProfiledStack(bool printed = false, int? frozen = null)
        : base(nameof(ProfiledStack))
    {
        Connections =
        [
            .. Enumerable
                .Range(0, Depth)
                .Select(i => printed ? new AdminFormulaResidual(Dim) : new AdminResidual(Dim, frozen: i == frozen)),
        ];
        foreach (var (i, connection) in Connections.Index())
        {
            register_module($"connection{i}", connection);
        }

        this.to(ScalarType.Float64);
    }

    public IReadOnlyList<AdminResidual> Connections { get; }

    public override Tensor forward(Tensor input) =>
        Connections
            .Index()
            .Aggregate(input, (x, entry) => entry.Item.Connect(x, shortcut => (shortcut * (entry.Index + 1)).sin()));

    public static IReadOnlyList<ProfiledConnection> Profile(ProfiledStack stack, Tensor x, Tensor? real) =>
        AdminProfiler.Run(stack, [Chunk(stack, x, real)]);

    public static ProfilingChunk Chunk(ProfiledStack stack, Tensor x, Tensor? real) =>
        new(() => stack.forward(x))
        {
            RealPositions = real is null
                ? new Dictionary<string, Tensor>()
                : new Dictionary<string, Tensor> { ["model"] = real },
        };
}
