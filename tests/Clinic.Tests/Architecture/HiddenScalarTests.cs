using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Reproduction;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Architecture;

/// <summary>Numbers of tensor expressions are held while libtorch reads them.</summary>
public class HiddenScalarTests
{
    private static readonly HiddenScalars Search = new(typeof(torch).Assembly.Location);

    // TorchSharp makes scalars of plain numbers there, and this call gives it scalars that are held.
    private static readonly string[] GivenHeldScalars = ["FusedMomentUpdate.Apply: invoke(String, Object[])"];

    [Fact]
    public void No_call_reads_a_scalar_that_nothing_holds()
    {
        Type[] oneOfEach = [typeof(UserErrorException), typeof(ResidualConnection), typeof(ReproductionRun)];
        var found = oneOfEach.SelectMany(type => Search.In(type.Assembly.Location)).Except(GivenHeldScalars).ToList();

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public void Scalars_that_nothing_holds_are_found()
    {
        var found = Search
            .In(typeof(HiddenScalarTests).Assembly.Location)
            .Where(call => call.StartsWith(nameof(Example), StringComparison.Ordinal));

        Assert.Equal(
            ["Example.Hidden: op_Multiply(Tensor, Double)", "Example.HiddenInTorchSharp: op_Addition(Tensor, Tensor)"],
            found.Order()
        );
    }

    private static class Example
    {
        public static Tensor HiddenInTorchSharp(Tensor x) => x + x;

        public static Tensor Hidden(Tensor x) => x * 0.5;

        public static Tensor Held(Tensor x)
        {
            using Scalar half = 0.5;
            return x * half;
        }
    }
}
