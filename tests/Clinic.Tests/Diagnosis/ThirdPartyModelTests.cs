using TransformerClinic.Diagnosis;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Diagnosis;

/// <summary>What is measured of models that are not ours.</summary>
public class ThirdPartyModelTests
{
    private static readonly double[] Scales = [0.5, 2, 1, 3];

    [Fact]
    public void Parts_of_a_plain_sum_have_their_share_of_its_variance()
    {
        using var scope = NewDisposeScope();
        using var model = new WalshModel(dim => new PostLnResidual(dim, nn.Identity()), Scales);

        var found = Assert.Single(StackDependency.Measure(PassOf(model)));

        double[] squares = [1, .. Scales.Select(scale => scale * scale)];
        Assert.Equal("model", found.Stack);
        Assert.Equal(5, found.Beta.Count);
        Assert.All(
            found.Beta.Index(),
            row =>
                Assert.All(
                    row.Item.Index(),
                    beta =>
                        Assert.Equal(
                            Math.Sqrt(squares[beta.Index] / squares.Take(row.Index + 1).Sum()),
                            beta.Item,
                            1e-12
                        )
                )
        );
    }

    [Fact]
    public void If_sums_are_normalized_the_newest_branch_has_the_share_of_its_own_variance()
    {
        using var scope = NewDisposeScope();
        using var model = new WalshModel(dim => new AdminResidual(dim, norm: nn.LayerNorm(dim, eps: 1e-12)), Scales);
        foreach (var (_, connection) in ResidualChains.Of(model))
        {
            ((AdminResidual)connection).Omega.detach().fill_(1.5);
        }

        var found = Assert.Single(StackDependency.Measure(PassOf(model)));

        // The shortcut's variance is 1.5^2: what was normalized before has variance 1.
        Assert.All(
            found.Diagonal.Zip(Scales),
            entry =>
                Assert.Equal(
                    Math.Sqrt(entry.Second * entry.Second / ((1.5 * 1.5) + (entry.Second * entry.Second))),
                    entry.First,
                    1e-9
                )
        );
        Assert.All(found.Beta, row => Assert.Equal(1, row.Sum(beta => beta * beta), 1e-9));
    }

    [Fact]
    public void Gradients_and_magnitudes_along_a_plain_sum_are_those_of_the_equation()
    {
        using var scope = NewDisposeScope();
        using var model = new WalshModel(dim => new PostLnResidual(dim, nn.Identity()), Scales);
        var pass = PassOf(model);

        var gradients = GradientBalance.Measure(pass, output => output.square().sum().backward());
        var activity = ModelActivity.Measure([pass, pass]).Sublayers;

        // 6 positions of 8 channels; d(sum x^2)/dx = 2 x at every state, and h_i has 8 * 6 of it.
        var variance = 1 + Scales.Sum(scale => scale * scale);
        Assert.Equal([3, 2, 1, 0], gradients.Sublayers.Select(gradient => gradient.Place.Layer));
        Assert.All(gradients.Sublayers, gradient => Assert.Equal(2 * Math.Sqrt(6 * 8 * variance), gradient.Norm, 1e-9));
        Assert.Equal(
            Scales.Select(scale => Math.Round(2 * 6 * 8 * scale, 9)),
            gradients.Parameters.Select(parameter => Math.Round(parameter.Norm, 9))
        );
        Assert.Equal(ParameterGroup.Other, Assert.Single(gradients.Groups).Group);
        Assert.Equal(
            ["connections.0", "connections.1", "connections.2", "connections.3"],
            activity.Select(sublayer => sublayer.Place.Name)
        );
        Assert.Equal(Scales, activity.Select(sublayer => Math.Round(sublayer.BranchRms, 9)));
        Assert.Equal(Math.Sqrt(variance), activity[^1].OutputRms, 1e-9);
        Assert.All(activity, sublayer => Assert.True(sublayer is { Attention: null, FeedForward: null }));
    }

    [Fact]
    public void The_output_change_of_a_plain_sum_is_the_angle_between_the_sums()
    {
        using var scope = NewDisposeScope();
        using var model = new WalshModel(dim => new PostLnResidual(dim, nn.Identity()), Scales);
        var pass = PassOf(model);
        using var drift = new OutputDrift(pass);
        using var perturbation = new WeightPerturbation(
            model,
            step: 0.1,
            (_, parameter) => ones_like(parameter),
            name => name.StartsWith("scales", StringComparison.Ordinal)
        );

        var found = Assert.Single(StackOutputChange.Measure(pass, perturbation));

        // Standardized states have the length sqrt(7) at any position, and 8 channels share the square of their
        // distance.
        double[] moved = [1, .. Scales.Select(scale => scale - 0.1)],
            before = [1, .. Scales];
        double Change(int sublayers)
        {
            var (a, b) = (before.Take(sublayers + 1).ToList(), moved.Take(sublayers + 1).ToList());
            var cosine = a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(x => x * x));
            return 7 * (2 - (2 * cosine)) / 8;
        }

        Assert.All(found.Changes.Index(), change => Assert.Equal(Change(change.Index + 1), change.Item, 1e-12));
        Assert.All(drift.Measure()["model"], change => Assert.Equal(0, change));
        IReadOnlyList<double> drifted = [];
        perturbation.During(model, () => drifted = drift.Measure()["model"]);
        Assert.Equal(found.Changes, drifted);
    }

    [Fact]
    public void Positions_that_are_not_tokens_do_not_count()
    {
        using var scope = NewDisposeScope();
        using var model = new Perceptron(dim: 6, depth: 3);
        var (tokens, padding) = (randn(2, 3, 6), randn(2, 4, 6) * tensor(9f));
        var padded = cat([tokens, padding], 1);
        var real = cat([ones(2, 3, dtype: ScalarType.Bool), zeros(2, 4, dtype: ScalarType.Bool)], 1);

        var expected = StackDependency.Measure(new DiagnosedPass(model, () => model.forward(tokens)))[0].Beta;
        var found = StackDependency
            .Measure(
                new DiagnosedPass(model, () => model.forward(padded))
                {
                    StackOf = _ => "perceptron",
                    RealPositions = new Dictionary<string, Tensor> { ["perceptron"] = real },
                }
            )[0]
            .Beta;

        Assert.All(
            expected.Zip(found),
            rows => Assert.All(rows.First.Zip(rows.Second), beta => Assert.Equal(beta.First, beta.Second, 1e-5))
        );
    }

    [Fact]
    public void A_stream_that_changes_between_sublayers_is_refused()
    {
        using var scope = NewDisposeScope();
        using var sequence = nn.Sequential(
            ("first", new Perceptron(6, 1)),
            ("norm", nn.LayerNorm(6)),
            ("second", new Perceptron(6, 1))
        );
        nn.init.constant_(sequence.get_parameter("norm.weight")!, 2);
        var batch = randn(5, 6);

        var refused = Assert.Throws<InvalidOperationException>(() =>
            StackDependency.Measure(new DiagnosedPass(sequence, () => sequence.forward(batch)))
        );

        Assert.Contains("second.blocks.0.residual", refused.Message, StringComparison.Ordinal);
        Assert.Equal(
            2,
            StackDependency
                .Measure(
                    new DiagnosedPass(sequence, () => sequence.forward(batch)) { StackOf = path => path.Split('.')[0] }
                )
                .Count
        );
    }

    [Fact]
    public void A_message_says_what_cannot_be_measured()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(3, 3);
        using var model = new Perceptron(6, 1);

        Assert.Contains(
            "no residual connection",
            Assert
                .Throws<InvalidOperationException>(() =>
                    ModelActivity.Measure([new DiagnosedPass(linear, () => linear.forward(randn(2, 3)))])
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "(moves)",
            Assert.Throws<ArgumentException>(() => WeightPerturbation.RandomSigns(model, seed: 1)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_example_of_the_documentation()
    {
        using var scope = NewDisposeScope();
        using var network = new Perceptron(dim: 6, depth: 4);
        var (batch, target) = (randn(32, 6), randn(32, 6));

        var pass = new DiagnosedPass(network, () => network.forward(batch));
        foreach (var stack in StackDependency.Measure(pass))
        {
            Console.WriteLine($"{stack.Stack}: leans {stack.Diagonal.Average():0.00} on its newest branch");
        }

        using var perturbation = WeightPerturbation.RandomSigns(
            network,
            seed: 1,
            moves: name => !name.Contains("residual", StringComparison.Ordinal)
        );
        var change = StackOutputChange.Measure(pass, perturbation)[0];
        Console.WriteLine($"output change {change.Changes[^1]:g2}, grows as {change.Growth.Best}");

        var gradients = GradientBalance.Measure(pass, output => nn.functional.mse_loss(output, target).backward());
        Console.WriteLine(
            $"gradient at the lowest sublayer {gradients.Sublayers[^1].Norm:g2}, at the last "
                + $"{gradients.Sublayers[0].Norm:g2}"
        );

        var largest = ModelActivity.Measure([pass]).Sublayers.MaxBy(sublayer => sublayer.OutputRms)!;
        Console.WriteLine($"{largest.Place.Name}: states of size {largest.OutputRms:0.0}");

        Assert.Equal(4, change.Changes.Count);
        var here = Flat(
            File.ReadLines(RepositoryRoot.PathOf("tests", "Clinic.Tests", "Diagnosis", "ThirdPartyModelTests.cs"))
        );
        Assert.Contains(
            Flat(Assert.Single(new Readme(File.ReadAllText(RepositoryRoot.PathOf("docs", "diagnosis.md"))).Fragments)),
            here,
            StringComparison.Ordinal
        );
    }

    private static string Flat(IEnumerable<string> lines) =>
        string.Join('\n', lines.Select(line => line.Trim()).Where(line => line.Length > 0));

    /// <summary>Six positions that read h_0.</summary>
    private static DiagnosedPass PassOf(WalshModel model) =>
        new(model, () => model.forward(WalshModel.Function(0).expand(2, 3, 8)));
}
