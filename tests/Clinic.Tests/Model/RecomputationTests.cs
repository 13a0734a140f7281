using TransformerClinic.Model;
using TransformerClinic.Model.Functions;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training.Optimizers;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Model;

[Trait("Speed", "Slow")]
public class RecomputationTests
{
    public static TheoryData<ResidualVariant, ScalarType?> VariantsAndTypes =>
        new MatrixTheoryData<ResidualVariant, ScalarType?>(
            Enum.GetValues<ResidualVariant>(),
            [null, ScalarType.BFloat16]
        );

    [Theory]
    [MemberData(nameof(VariantsAndTypes))]
    public void Gradients_are_the_same_to_the_bit(ResidualVariant variant, ScalarType? type)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(WithInputScales(variant));
        using var parameters = new FlatParameters(model);
        model.ComputeIn(type);
        float[] Gradients(bool recompute)
        {
            model.Recomputation.Active = recompute;
            parameters.ZeroGradients();
            AddGradients(model, key: 1);
            AddGradients(model, key: 2);
            return parameters.Gradients.data<float>().ToArray();
        }

        var kept = Gradients(recompute: false);
        Assert.True(kept.Count(value => value != 0) > kept.Length / 2);
        Assert.Equal(kept, Gradients(recompute: true));
        Assert.Equal(kept, Gradients(recompute: false));
    }

    [Fact]
    public void Observers_are_told_once_and_of_the_same_values()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create();
        IReadOnlyList<float[]> Observed(bool recompute)
        {
            var seen = new List<float[]>();
            Sublayer[] sublayers = [.. model.Encoder.Sublayers, .. model.Decoder.Sublayers];
            Array.ForEach(
                sublayers,
                sublayer =>
                    sublayer.Residual.Observer = (shortcut, branch, output) =>
                        seen.AddRange(Values(shortcut), Values(branch), Values(output))
            );
            model.Recomputation.Active = recompute;
            AddGradients(model, key: 1);
            Assert.All(sublayers, sublayer => Assert.NotNull(sublayer.Residual.Observer));
            Array.ForEach(sublayers, sublayer => sublayer.Residual.Observer = null);
            return seen;
        }

        var once = Observed(recompute: false);
        Assert.Equal(3 * ((2 * 2) + (2 * 3)), once.Count);
        Assert.Equal(once, Observed(recompute: true));
    }

    [Fact]
    public void Observers_inside_branches_are_told_once_too()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create();
        var told = 0;
        foreach (var attention in model.modules().OfType<MultiHeadAttention>())
        {
            attention.WeightsObserver = _ => told++;
        }

        foreach (var feedForward in model.modules().OfType<FeedForward>())
        {
            feedForward.Observer = _ => told++;
        }

        model.Recomputation.Active = true;
        AddGradients(model, key: 1);
        Assert.Equal((2 * 2) + (2 * 3), told);
        AddGradients(model, key: 2);
        Assert.Equal(2 * ((2 * 2) + (2 * 3)), told);
    }

    [Fact]
    public void Hundreds_of_layers_need_no_deep_stack_of_calls()
    {
        using var scope = NewDisposeScope();
        var stack = new StackOptions { Layers = 400, Variant = ResidualVariant.PreLn };
        using var model = SmallModel.Create(
            SmallModel.Options() with
            {
                Encoder = stack,
                Decoder = stack,
                Dim = 4,
                FeedForwardDim = 4,
            }
        );
        using var parameters = new FlatParameters(model);
        model.Recomputation.Active = true;
        var thread = new Thread(() => AddGradients(model, key: 1), maxStackSize: 1 << 18);
        thread.Start();
        thread.Join();
        Assert.True(parameters.GradientNorm() is > 0 and < double.PositiveInfinity);
    }

    /// <summary>
    /// On a GPU libtorch goes back on a thread of its own, which knows nothing of the caller's dispose scopes.
    /// </summary>
    [Fact]
    public void Another_thread_may_go_back_finds_the_same_and_leaves_nothing_behind()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create();
        using var parameters = new FlatParameters(model);
        AddGradients(model, key: 1);
        var expected = parameters.Gradients.data<float>().ToArray();

        model.Recomputation.Active = true;
        using var device = new DeviceThread();
        var live = 0L;
        for (var pass = 0; pass < 20; pass++)
        {
            parameters.ZeroGradients();
            AddGradients(model, key: 1, device.Run);
            Assert.Equal(expected, parameters.Gradients.data<float>().ToArray());
            if (pass == 4)
            {
                live = Live();
            }
        }

        Assert.Equal(live, Live());

        long Live()
        {
            var ofDevice = 0L;
            device.Run(() => ofDevice = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            return ofDevice + TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
    }

    [Fact]
    public void A_pass_without_gradients_is_computed_as_ever()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = SmallModel.Create();
        var expected = Values(model.Forward(SmallModel.Tokens(2, 5, 1), SmallModel.Tokens(2, 6, 2)));
        model.Recomputation.Active = true;
        Assert.Equal(expected, Values(model.Forward(SmallModel.Tokens(2, 5, 1), SmallModel.Tokens(2, 6, 2))));
    }

    [Fact]
    public void A_layers_parameters_have_gradients_even_if_its_input_asks_for_none()
    {
        using var scope = NewDisposeScope();
        using var dropout = new Dropout();
        using var recomputation = new Recomputation(dropout) { Active = true };
        var (x, weight) = (rand(3), rand([3], requires_grad: true));
        recomputation.Backward(recomputation.Apply(new NoSublayers(), inputs => inputs[0]! * weight, x), ones(3));
        Assert.Equal(Values(x), Values(weight.grad!));
    }

    [Fact]
    public void What_a_layer_throws_when_it_is_computed_again_comes_out_and_the_next_pass_is_as_ever()
    {
        using var scope = NewDisposeScope();
        using var dropout = new Dropout();
        using var recomputation = new Recomputation(dropout) { Active = true };
        var (x, weight, computed) = (rand([3], requires_grad: true), rand([3], requires_grad: true), 0);
        Tensor Fails(IReadOnlyList<Tensor?> inputs) =>
            computed++ > 0 ? throw new InvalidOperationException("no memory left") : inputs[0]! * weight;
        var below = recomputation.Apply(new NoSublayers(), inputs => inputs[0]! * weight, x);
        var output = recomputation.Apply(new NoSublayers(), Fails, below);
        Assert.Equal(
            "no memory left",
            Assert.Throws<InvalidOperationException>(() => recomputation.Backward(output, ones(3))).Message
        );
        Assert.Null(x.grad);

        recomputation.Backward(recomputation.Apply(new NoSublayers(), inputs => inputs[0]! * weight, x), ones(3));
        Assert.Equal(Values(weight), Values(x.grad!));
    }

    private static ModelOptions WithInputScales(ResidualVariant variant)
    {
        var options = SmallModel.Options(variant);
        return options with
        {
            Encoder = options.Encoder with { InputScale = true },
            Decoder = options.Decoder with { InputScale = true },
        };
    }

    private static void AddGradients(Transformer model, ulong key, Action<Action>? goBack = null)
    {
        using var scope = NewDisposeScope();
        var source = cat(
            [SmallModel.Tokens(3, 5, key), cat([SmallModel.Tokens(2, 2, key), SmallModel.Padding(1, 2)], 0)],
            1
        );
        var target = cat(
            [SmallModel.Tokens(3, 6, key), cat([SmallModel.Padding(1, 1), SmallModel.Tokens(2, 1, key)], 0)],
            1
        );
        model.Dropout.Begin(key);
        var logits = model.Forward(source, target);
        using var random = new Generator(key, CPU);
        var gradient = randn(logits.shape, generator: random);
        (goBack ?? (work => work()))(() => model.Recomputation.Backward(logits, gradient));
        model.Dropout.End();
    }

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    /// <summary>A thread that works while its caller waits.</summary>
    private sealed class DeviceThread : IDisposable
    {
        private readonly Barrier _barrier = new(2);
        private Action? _work;

        public DeviceThread() =>
            new Thread(() =>
            {
                for (_barrier.SignalAndWait(); _work is not null; _barrier.SignalAndWait())
                {
                    _work();
                    _barrier.SignalAndWait();
                }
            })
            {
                IsBackground = true,
            }.Start();

        public void Run(Action work)
        {
            _work = work;
            _barrier.SignalAndWait();
            _barrier.SignalAndWait();
        }

        public void Dispose()
        {
            _work = null;
            _barrier.SignalAndWait(); // which the thread may still be leaving, so it is not disposed
        }
    }

    private sealed class NoSublayers : ILayer
    {
        public IEnumerable<Sublayer> Sublayers => [];

        public bool IsOfKernels(StackInputs inputs) => false;

        public IEnumerable<SublayerPass> Pass(StackInputs inputs) => [];
    }
}
