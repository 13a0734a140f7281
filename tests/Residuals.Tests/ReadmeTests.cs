using TorchSharp.Modules;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Tests;

/// <summary>The pieces of C# in the package's README stand here word for word, compiled and run.</summary>
public class ReadmeTests
{
    private const int Dim = 6;

    [Fact]
    public void Every_piece_of_the_readme_stands_here()
    {
        var fragments = new Readme(File.ReadAllText(RepositoryRoot.PathOf("src", "Residuals", "README.md"))).Fragments;
        var here = Flat(File.ReadLines(RepositoryRoot.PathOf("tests", "Residuals.Tests", "ReadmeTests.cs")));
        Assert.True(fragments.Count > 8, "too few pieces were found");
        Assert.All(fragments, fragment => Assert.Contains(Flat(fragment), here, StringComparison.Ordinal));
    }

    [Fact]
    public void The_forward_pass_after_is_the_one_before_until_it_is_profiled()
    {
        using var scope = NewDisposeScope();
        using var layer = new Layer();
        var x = randn(2, 3, Dim);
        Assert.Equal(layer.Before(x).data<float>().ToArray(), layer.forward(x).data<float>().ToArray());
    }

    [Fact]
    public void A_normalisation_may_be_kept()
    {
        using var scope = NewDisposeScope();
        var (attention, norm1) = (nn.Linear(Dim, Dim), nn.LayerNorm(Dim));
        var x = randn(3, Dim);
        var expected = norm1.forward(x + attention.forward(x));
        var residual = new AdminResidual(Dim, norm: nn.Identity());
        x = norm1.forward(residual.call(x, attention.forward(x)));
        Assert.Equal(expected.data<float>().ToArray(), x.data<float>().ToArray());
    }

    [Fact]
    public void Profiling_sets_every_omega_and_says_why()
    {
        using var scope = NewDisposeScope();
        using var model = new Layer();
        var batch = randn(2, 3, Dim);
        AdminProfiler.Run(model, () => model.forward(batch));
        Assert.NotEqual(1, model.Second.ShortcutScale()[0]);
        AdminProfiler.Run(model, () => model.forward(batch), chainOf: path => path.Split('.')[0]);
        Assert.All(model.Second.ShortcutScale(), scale => Assert.Equal(1, scale));
        AnalyticOmega.Set(model);
        Assert.Equal(AnalyticOmega.Of(2, OutputChange.LogN), model.Second.ShortcutScale()[0], 1e-6);
        var residual = model.Second;
        Console.WriteLine(residual.Setting);
        Assert.Contains("from only their number", residual.Setting!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Connections_tell_what_passes()
    {
        using var scope = NewDisposeScope();
        using var model = new Layer();
        foreach (var (path, connection) in ResidualChains.Of(model))
        {
            connection.Observer = (shortcut, branch, output) =>
                Console.WriteLine($"{path}: {branch.std().item<float>():0.00}");
        }

        Assert.Equal(["residual1", "residual2"], ResidualChains.Of(model).Select(entry => entry.Path));
        Assert.NotNull(model.Second.Observer);
        model.forward(randn(2, 3, Dim));
    }

    [Fact]
    public void Padding_is_left_out_where_it_is_named()
    {
        using var scope = NewDisposeScope();
        using var model = new Layer();
        model.eval();
        var (tokens, padding) = (randn(2, 3, Dim), randn(2, 4, Dim) * tensor(9f));
        AdminProfiler.Run(model, () => model.forward(tokens));
        var expected = model.Second.ShortcutScale()[0];
        var (batch, isToken) = (
            cat([tokens, padding], 1),
            cat([ones(2, 3, dtype: ScalarType.Bool), zeros(2, 4, dtype: ScalarType.Bool)], 1)
        );
        AdminProfiler.Run(
            model,
            [
                new ProfilingChunk(() => model.forward(batch))
                {
                    RealPositions = new Dictionary<string, Tensor> { ["model"] = isToken },
                },
            ]
        );
        Assert.Equal(expected, model.Second.ShortcutScale()[0], 1e-5);
    }

    [Fact]
    public void Chunks_make_up_the_batch()
    {
        using var scope = NewDisposeScope();
        using var model = new Layer();
        model.eval();
        var batch = randn(8, 3, Dim);
        AdminProfiler.Run(model, () => model.forward(batch));
        var expected = model.Second.ShortcutScale()[0];
        AdminProfiler.Run(model, [.. batch.chunk(4).Select(part => new ProfilingChunk(() => model.forward(part)))]);
        Assert.Equal(expected, model.Second.ShortcutScale()[0], 1e-5);
    }

    [Fact]
    public void A_remedy_is_made_for_its_place()
    {
        using var scope = NewDisposeScope();
        var (attention, feedForward, layer) = (nn.Linear(Dim, Dim), nn.Linear(Dim, Dim), 3);
        var (norm1, norm2) = (nn.LayerNorm(Dim), nn.LayerNorm(Dim));
        var stack = StackShape.Alone(layers: 24);
        var residual1 = new KeelResidual(new ResidualPlace(Dim, stack, Index: 2 * layer, layer, FirstOfLayer: null));
        var residual2 = new KeelResidual(new ResidualPlace(Dim, stack, Index: (2 * layer) + 1, layer, residual1));
        var begin = randn(3, Dim);

        var middle = norm1.forward((48 * begin) + attention.forward(norm1.forward(begin)));
        var expected = norm2.forward((48 * middle) + feedForward.forward(norm2.forward(middle)));
        Assert.Equal(
            expected.data<float>().ToArray(),
            After(begin).data<float>().ToArray(),
            (one, other) => Math.Abs(one - other) < 1e-5
        );
        Assert.NotEqual(expected.data<float>().ToArray(), Before(begin).data<float>().ToArray());

        Tensor Before(Tensor x)
        {
            x = norm1.forward(x + attention.forward(x));
            x = norm2.forward(x + feedForward.forward(x));
            return x;
        }

        Tensor After(Tensor x)
        {
            x = residual1.Connect(x, attention.forward);
            x = residual2.Connect(x, feedForward.forward);
            return x;
        }
    }

    [Fact]
    public void Beta_is_the_gain_of_the_branchs_matrices()
    {
        using var scope = NewDisposeScope();
        var (expand, project) = (nn.Linear(Dim, 200 * Dim), nn.Linear(200 * Dim, Dim));
        var deepNorm = new DeepNormResidual(Dim, StackShape.Alone(layers: 24));
        nn.init.xavier_normal_(expand.weight, deepNorm.Beta);
        nn.init.xavier_normal_(project.weight, deepNorm.Beta);
        var expected = deepNorm.Beta * Math.Sqrt(2.0 / (201 * Dim));
        Assert.All(
            new[] { expand, project },
            matrix => Assert.Equal(1, matrix.weight.std().item<float>() / expected, 0.1)
        );
    }

    [Fact]
    public void A_variant_of_ones_own_computes_its_equation()
    {
        using var scope = NewDisposeScope();
        using var residual = new LayerScaleResidual(Dim);
        var x = randn(3, Dim);
        Tensor Branch(Tensor read) => read.sin();
        var expected = x.add(Branch(nn.functional.layer_norm(x, [Dim])) * tensor(0.1f));
        Assert.Equal(
            expected.data<float>().ToArray(),
            residual.Connect(x, Branch).data<float>().ToArray(),
            (a, b) => Math.Abs(a - b) < 1e-6
        );
    }

    // Indentation is the place's affair.
    private static string Flat(IEnumerable<string> lines) =>
        string.Join('\n', lines.Select(line => line.Trim()).Where(line => line.Length > 0));

    private sealed class Layer : nn.Module<Tensor, Tensor>
    {
        private readonly Linear attention = nn.Linear(Dim, Dim),
            feedForward = nn.Linear(Dim, Dim);
        private readonly LayerNorm norm1 = nn.LayerNorm(Dim),
            norm2 = nn.LayerNorm(Dim);
        private readonly Dropout dropout = nn.Dropout(0);
        private readonly AdminResidual residual1 = new(Dim),
            residual2 = new(Dim);

        public Layer()
            : base(nameof(Layer)) => RegisterComponents();

        public AdminResidual Second => residual2;

        public Tensor Before(Tensor x)
        {
            x = norm1.forward(x + dropout.forward(attention.forward(x)));
            x = norm2.forward(x + dropout.forward(feedForward.forward(x)));
            return x;
        }

        public override Tensor forward(Tensor x)
        {
            x = residual1.Connect(x, y => dropout.forward(attention.forward(y)));
            x = residual2.Connect(x, y => dropout.forward(feedForward.forward(y)));
            return x;
        }
    }
}

internal sealed class LayerScaleResidual : ResidualConnection
{
    public LayerScaleResidual(long dim)
        : base(nameof(LayerScaleResidual), dim)
    {
        var norm = nn.LayerNorm(dim);
        register_module("norm", norm);
        register_parameter("gamma", new Parameter(full(dim, 0.1f)));
        Form = new ResidualForm
        {
            Before = new ScaledNorm(norm),
            Branch = ResidualScale.Of(() => get_parameter("gamma")!, "gamma"),
        };
    }
}
