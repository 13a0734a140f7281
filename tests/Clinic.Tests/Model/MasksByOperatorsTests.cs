using TransformerClinic.Kernels;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Model;

public class MasksByOperatorsTests
{
    [Fact]
    public void They_have_the_bits_of_the_processors_kernel_whatever_their_size()
    {
        using var scope = NewDisposeScope();
        using var operators = new MasksByOperators();
        foreach (var count in new[] { 1, 15, 16, 17, 1000, 70_001, 33 })
        {
            foreach (var p in new[] { 0.1, 0.3, 0.5, 0.999 })
            {
                for (ulong key = 1; key < 1000; key += 333)
                {
                    var mask = new DropoutMask(key * 0x9E3779B97F4A7C15UL, (uint)count, p);
                    var expected = new float[count];
                    mask.Fill(expected);
                    Assert.Equal(expected, operators.Make(mask, empty(count)).data<float>().ToArray());
                }
            }
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void They_have_the_shape_and_type_of_what_they_are_for(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var operators = new MasksByOperators();
        var mask = new DropoutMask(7, 3, 0.1);
        var floats = new float[2 * 3 * 5];
        mask.Fill(floats);
        var expected = tensor(floats).view(2, 3, 5).to(type);
        var made = operators.Make(mask, empty([2, 3, 5], type));
        Assert.Equal(type, made.dtype);
        Assert.Equal(expected.shape, made.shape);
        Assert.True(expected.Equals(made));
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var operators = new MasksByOperators();
        using var like = empty(100);
        operators.Make(new DropoutMask(1, 1, 0.5), like).Dispose();
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (uint i = 0; i < 10; i++)
        {
            operators.Make(new DropoutMask(1, i, 0.5), like).Dispose();
        }

        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
