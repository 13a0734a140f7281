using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Tests;

/// <summary>A connection is a module as TorchSharp's own are: hooks, device, type, state.</summary>
public class TorchSharpModuleTests
{
    private const int Dim = 6;

    public static TheoryData<ResidualVariant> Variants => [.. Enum.GetValues<ResidualVariant>()];

    [Fact]
    public void Hooks_see_and_change_what_goes_through_a_call_and_not_through_a_forward()
    {
        using var scope = NewDisposeScope();
        using var connection = new PostLnResidual(Dim, nn.Identity());
        var (x, f) = (randn(2, Dim), randn(2, Dim));
        var seen = new List<Tensor>();
        connection.Observer = (shortcut, branch, output) => seen.AddRange(shortcut, branch, output);
        var before = connection.register_forward_pre_hook((_, shortcut, branch) => (shortcut * 2, branch * 3));
        var after = connection.register_forward_hook(
            (_, shortcut, branch, output) =>
            {
                seen.AddRange(shortcut, branch, output);
                return output * 10;
            }
        );

        var called = connection.call(x, f);
        var forwarded = connection.forward(x, f);
        var connected = connection.Connect(x, _ => f);

        Assert.Equal(Values(x + f), Values(forwarded));
        Assert.Equal(Values(((x * 2) + (f * 3)) * 10), Values(called));
        Assert.Equal(Values(called), Values(connected));
        double[][] inside = [Values(x * 2), Values(f * 3), Values((x * 2) + (f * 3))];
        double[][] plain = [Values(x), Values(f), Values(x + f)];
        Assert.Equal([.. inside, .. inside, .. plain, .. inside, .. inside], seen.Select(Values));

        before.remove();
        after.remove();
        Assert.Equal(Values(x + f), Values(connection.call(x, f)));
    }

    /// <summary>What the whole module tells, such as a timer, and what a normalization is told.</summary>
    [Fact]
    public void Hooks_that_only_count_run_once_a_call_and_those_of_the_normalization_too()
    {
        using var scope = NewDisposeScope();
        using var connection = new AdminResidual(Dim);
        var told = new List<string>();
        connection.register_forward_pre_hook(module => told.Add("before " + module.GetName()));
        connection.register_forward_hook(module => told.Add("after " + module.GetName()));
        connection.Norm.register_forward_hook(module => told.Add(module.GetName()));

        connection.call(randn(2, Dim), randn(2, Dim));

        Assert.Equal(["before AdminResidual", "LayerNorm", "after AdminResidual"], told);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_call_makes_the_tensors_of_a_forward_and_no_others(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var connection = Create(variant);
        var (x, f) = (connection.BeginStack(randn(2, Dim)), randn(2, Dim));
        long Made(Func<Tensor, Tensor, Tensor> compute)
        {
            var before = DisposeScopeManager.Statistics.CreatedInScopeCount;
            compute(x, f).Dispose();
            return DisposeScopeManager.Statistics.CreatedInScopeCount - before;
        }

        var expected = Made(connection.forward);
        var (alive, scopes) = (DisposeScopeManager.Statistics.ThreadTotalLiveCount, scope.DisposablesCount);

        var most = variant switch
        {
            ResidualVariant.Residual => 6,
            ResidualVariant.SiameseNorm => 7,
            ResidualVariant.Dlcl or ResidualVariant.DlclPostLn => 14,
            ResidualVariant.HyperConnections => 40,
            ResidualVariant.Mhc => 200, // 20 rounds of two sums and two quotients
            _ => 4,
        };
        Assert.InRange(expected, 1, most);
        Assert.Equal(expected, Made(connection.call));
        Assert.Equal((alive, scopes), (DisposeScopeManager.Statistics.ThreadTotalLiveCount, scope.DisposablesCount));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_connection_of_a_type_has_all_of_its_tensors_in_it_and_combines_in_it(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var made = Create(variant, dtype: ScalarType.Float64);
        using var moved = Create(variant);
        moved.to(ScalarType.Float64);
        var (x, f) = (
            made.BeginStack(randn(2, Dim, dtype: ScalarType.Float64)),
            randn(2, Dim, dtype: ScalarType.Float64)
        );

        var output = made.call(x, f);

        Assert.All(Tensors(made), entry => Assert.Equal(ScalarType.Float64, entry.dtype));
        Assert.Equal(ScalarType.Float64, output.dtype);
        // The analytic omega of the moved connection was rounded to float32 when it was made.
        Assert.Equal(Values(moved.call(x, f)), Values(output), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void A_trained_omega_is_as_exact_as_its_type()
    {
        var options = new AnalyticOptions { Trainable = true, Shape = OmegaShape.Vector };
        using var connection = new AdminAnalyticResidual(Dim, 12, options, dtype: ScalarType.Float64);
        Assert.All(connection.ShortcutScale(), scale => Assert.Equal(2.017009218686578, scale, 1e-15));
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-12)]
    [InlineData(ScalarType.Float32, 1e-6)]
    [InlineData(ScalarType.BFloat16, 1e-2)]
    public void Omegas_are_set_whatever_their_type(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var pair = new Pair(dtype);
        var x = tensor(new[] { 1.0, -1, 1, -1, 1, -1 }, dtype).expand(2, Dim);

        AdminProfiler.Run(pair, () => pair.forward(x));

        Assert.Equal(dtype, pair.Second.Omega.dtype);
        Assert.All(pair.Second.ShortcutScale(), omega => Assert.Equal(Math.Sqrt(2), omega, tolerance));
        AnalyticOmega.Set(pair, OutputChange.Constant);
        Assert.All(pair.First.ShortcutScale(), omega => Assert.Equal(Math.Sqrt(2), omega, tolerance));
    }

    /// <summary>The device <c>meta</c> is one that every machine has: its tensors have shapes and no memory.</summary>
    [Theory]
    [MemberData(nameof(Variants))]
    public void A_connection_is_made_on_its_device_however_wide_it_is(ResidualVariant variant)
    {
        const long wide = 1L << 40;
        using var connection = Create(variant, wide, META);

        Assert.Equal(wide, connection.Dim);
        Assert.All(Tensors(connection), entry => Assert.Equal(DeviceType.META, entry.device_type));
        Assert.All(
            Tensors(connection).Where(entry => entry.numel() > 32), // weights of layers and of streams
            entry => Assert.Contains(entry.size(0), variant == ResidualVariant.Mhc ? [wide, 4 * wide] : new[] { wide })
        );
    }

    [Fact]
    public void A_frozen_omega_is_of_the_device_and_type_too()
    {
        using var connection = new AdminResidual(Dim, frozen: true, device: META, dtype: ScalarType.BFloat16);
        Assert.Equal((DeviceType.META, ScalarType.BFloat16), (connection.Omega.device_type, connection.Omega.dtype));
    }

    [Fact]
    public void A_design_is_told_the_device_and_the_type()
    {
        var places = new List<ResidualPlace>();
        var design = new ResidualDesign(
            "told",
            place =>
            {
                places.Add(place);
                return new PostLnResidual(place.Dim, device: place.Device, dtype: place.Dtype);
            }
        );
        var factory = new ResidualFactory(
            Dim,
            StackShape.Alone(1),
            new ResidualOptions { Design = design },
            META,
            ScalarType.Float16
        );

        var made = factory.NextLayer(2);

        Assert.All(places, place => Assert.Equal((META, ScalarType.Float16), (place.Device, place.Dtype)));
        Assert.Equal(2, places.Count);
        Assert.All(made.SelectMany(Tensors), entry => Assert.Equal(ScalarType.Float16, entry.dtype));
    }

    [Fact]
    public void In_a_network_it_is_found_moved_and_saved_like_any_module()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        using var other = Network();
        Assert.Equal(
            [
                "0.branch.bias",
                "0.branch.weight",
                "0.residual.norm.bias",
                "0.residual.norm.weight",
                "0.residual.omega",
                "1.branch.bias",
                "1.branch.weight",
                "1.residual.gamma",
                "1.residual.norm.bias",
                "1.residual.norm.weight",
            ],
            network.named_parameters().Select(entry => entry.name).Order(StringComparer.Ordinal)
        );
        Assert.Equal(2, network.modules().Count(module => module is ResidualConnection));

        network.to(ScalarType.Float64);
        other.to(ScalarType.Float64);
        using (no_grad())
        {
            foreach (var parameter in network.parameters())
            {
                parameter.add_(randn_like(parameter));
            }
        }

        var x = randn(3, Dim, dtype: ScalarType.Float64);
        var expected = network.forward(x);
        Assert.Equal(ScalarType.Float64, expected.dtype);
        Assert.NotEqual(Values(expected), Values(other.forward(x)));

        var (missing, unexpected) = other.load_state_dict(network.state_dict());
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.Equal(Values(expected), Values(other.forward(x)));

        expected.sum().backward();
        Assert.All(network.parameters(), parameter => Assert.NotNull(parameter.grad));
    }

    private static Sequential Network() =>
        nn.Sequential(new Block(new AdminResidual(Dim)), new Block(new LayerScaleResidual(Dim)));

    private static ResidualConnection Create(
        ResidualVariant variant,
        long dim = Dim,
        Device? device = null,
        ScalarType? dtype = null
    ) =>
        new ResidualFactory(
            dim,
            StackShape.Alone(4),
            new ResidualOptions
            {
                Variant = variant,
                FirstOmega = FirstOmega.Trainable,
                Analytic = new AnalyticOptions { Trainable = true },
            },
            device,
            dtype
        ).NextLayer(1)[0];

    private static IEnumerable<Tensor> Tensors(nn.Module module) =>
        module.parameters().Concat(module.buffers()).DistinctBy(entry => entry.Handle);

    private static double[] Values(Tensor tensor) =>
        tensor.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Linear branch = nn.Linear(Dim, Dim);
        private readonly ResidualConnection residual;

        public Block(ResidualConnection residual)
            : base(nameof(Block))
        {
            this.residual = residual;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => residual.Connect(x, branch.forward);
    }

    /// <summary>The branch of either connection is the input itself.</summary>
    private sealed class Pair : nn.Module<Tensor, Tensor>
    {
        private readonly AdminResidual first,
            second;

        public Pair(ScalarType dtype)
            : base(nameof(Pair))
        {
            first = new AdminResidual(Dim, norm: nn.Identity(), dtype: dtype);
            second = new AdminResidual(Dim, norm: nn.Identity(), dtype: dtype);
            RegisterComponents();
        }

        public AdminResidual First => first;

        public AdminResidual Second => second;

        public override Tensor forward(Tensor x) => second.forward(first.forward(x, x), x);
    }
}
