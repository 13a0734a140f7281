using TorchSharp;
using TransformerClinic.Model;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Model;

public class DropoutTests
{
    [Fact]
    public void Outside_a_pass_nothing_is_dropped()
    {
        using var scope = NewDisposeScope();
        using var dropout = new Dropout();
        var x = rand(4, 5);
        Assert.Equal(x.Handle, dropout.Apply(x, 0.5).Handle);
        dropout.Begin(1);
        Assert.Equal(x.Handle, dropout.Apply(x, 0).Handle);
        Assert.NotEqual(x.Handle, dropout.Apply(x, 0.5).Handle);
        dropout.End();
        Assert.Equal(x.Handle, dropout.Apply(x, 0.5).Handle);
    }

    [Fact]
    public void A_pass_can_be_repeated_exactly_whether_its_masks_come_from_the_buffer_or_not()
    {
        using var scope = NewDisposeScope();
        using var dropout = new Dropout();
        var x = ones(7, 9);
        float[][] Pass(ulong key)
        {
            dropout.Begin(key);
            return [.. Enumerable.Range(0, 4).Select(_ => dropout.Apply(x, 0.3).data<float>().ToArray())];
        }

        var first = Pass(1);
        Assert.Equal(first, Pass(1));
        Assert.NotEqual(first, Pass(2));
        Assert.Equal(first, Pass(1));
        Assert.Equal(4, first.Distinct(new SameElements()).Count());
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Gradients_pass_through_the_masks_of_their_own_pass(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var dropout = new Dropout();
        var x = rand([6, 8], dtype: dtype, requires_grad: true);
        for (ulong key = 1; key <= 4; key++)
        {
            using var pass = NewDisposeScope();
            x.grad = null;
            dropout.Begin(key);
            var first = dropout.Apply(x, 0.4);
            var second = dropout.Apply(first * first, 0.2);
            var (one, two) = ((first / x).detach(), (second / first.square()).nan_to_num(0).detach());
            second.sum().backward();
            var expected = 2 * x.detach() * one.square() * two;
            Assert.True((x.grad! - expected).abs().max().to(ScalarType.Float64).item<double>() < 1e-5);
        }
    }

    [Fact]
    public void An_interlude_draws_the_masks_of_its_place_and_leaves_its_pass_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var dropout = new Dropout();
        var x = ones([7, 9], requires_grad: true);
        float[] Next() => dropout.Apply(x, 0.3).data<float>().ToArray();
        float[][] Plain()
        {
            dropout.Begin(1);
            return [Next(), Next(), Next()];
        }

        var plain = Plain();
        Assert.Equal(plain, Plain());
        dropout.Begin(1);
        var first = dropout.Apply(x, 0.3);
        var place = dropout.Pass!.Copy();
        Assert.Equal(plain[1], Next());
        using (dropout.BeginInterlude(place))
        {
            Assert.Equal(plain[1..], [Next(), Next()]);
        }

        using (dropout.BeginInterlude(null))
        {
            Assert.False(dropout.Active);
        }

        Assert.Equal(plain[2], Next());
        first.sum().backward();
        Assert.Equal(plain[0], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_models_gradient_with_dropout_on_is_the_slope_of_its_loss()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create();
        model.to(ScalarType.Float64);
        var (source, target) = (SmallModel.Tokens(2, 4, 1), SmallModel.Tokens(2, 3, 2));
        var weights = randn(2, 3, SmallModel.Words, dtype: ScalarType.Float64);
        Tensor Loss()
        {
            model.Dropout.Begin(77);
            return (model.Forward(source, target) * weights).sum();
        }

        Loss().backward();
        Loss().backward();
        using var noGradient = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            const double step = 1e-6;
            var element = parameter.view(-1).narrow(0, parameter.numel() / 2, 1);
            element.add_(step);
            var above = Loss().item<double>();
            element.sub_(2 * step);
            var below = Loss().item<double>();
            element.add_(step);
            var slope = (above - below) / (2 * step);
            var gradient = parameter.grad!.view(-1)[parameter.numel() / 2].item<double>() / 2;
            Assert.True(
                Math.Abs(slope - gradient) < 1e-6 * Math.Max(1, Math.Abs(slope)),
                $"{name}: {gradient} instead of {slope}"
            );
        }
    }

    private sealed class SameElements : IEqualityComparer<float[]>
    {
        public bool Equals(float[]? x, float[]? y) => x!.AsSpan().SequenceEqual(y);

        public int GetHashCode(float[] obj) => obj.Length;
    }
}
