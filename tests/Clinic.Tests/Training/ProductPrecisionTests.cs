using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training;

/// <summary>libtorch has one setting for the whole process.</summary>
[Collection(nameof(Alone))]
public class ProductPrecisionTests
{
    [Fact]
    public void The_setting_holds_while_it_is_wanted_and_only_on_other_devices_than_the_processor()
    {
        Assert.False(backends.cuda.matmul.allow_tf32);
        using (new ProductPrecision(MatmulPrecision.High, CPU))
        {
            Assert.False(backends.cuda.matmul.allow_tf32);
        }

        using (new ProductPrecision(MatmulPrecision.High, META))
        {
            Assert.True(backends.cuda.matmul.allow_tf32);
            using (new ProductPrecision(MatmulPrecision.Highest, META))
            {
                Assert.False(backends.cuda.matmul.allow_tf32);
            }

            Assert.True(backends.cuda.matmul.allow_tf32);
        }

        Assert.False(backends.cuda.matmul.allow_tf32);
    }

    [Fact]
    public void What_changes_nothing_is_said()
    {
        Assert.StartsWith(
            "training.matmulPrecision: high is for CUDA devices; ",
            ProductPrecision.Ignored(MatmulPrecision.High, CPU),
            StringComparison.Ordinal
        );
        Assert.Null(ProductPrecision.Ignored(MatmulPrecision.Highest, CPU));
        Assert.Null(ProductPrecision.Ignored(MatmulPrecision.High, META));
    }
}
