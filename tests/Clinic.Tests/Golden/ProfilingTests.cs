using System.Globalization;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Golden;

public class ProfilingTests
{
    [Theory]
    [InlineData("float64run", ScalarType.Float64, 1e-9)]
    [InlineData("float32run", ScalarType.Float32, 2e-5)]
    public void Omegas_are_the_references_where_padding_counts(string run, ScalarType dtype, double tolerance)
    {
        var expected = File.ReadLines(GoldenTensors.PathOf($"model/admin/profile.ratio.init.{run}.txt"))
            .Select(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)).ToList();
        using var model = GoldenModel.Load("admin", "init", dtype);
        var batch = new GoldenBatch();
        var connections = AdminProfiler.Run(model, () => model.Forward(batch.Source, batch.PreviousOutput).Dispose());
        var omegas = model.Encoder.Residuals.Concat(model.Decoder.Residuals).Cast<AdminResidual>().Select(residual => residual.Omega).ToList();
        Assert.Equal(expected.Count, connections.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i], connections[i].Omega, tolerance);
            Assert.All(omegas[i].to(ScalarType.Float64).data<double>(), value => Assert.Equal(expected[i], value, tolerance));
        }
    }
}
