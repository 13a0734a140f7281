using TransformerClinic.Decoding.Packed;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding.Packed;

/// <summary>The table of positions that is computed without libtorch, next to the model's.</summary>
public sealed class PositionRowsTests
{
    [Theory]
    [InlineData(PositionFormula.Fairseq)]
    [InlineData(PositionFormula.Marian)]
    [InlineData(PositionFormula.HuggingFace)]
    public unsafe void Each_row_is_the_models(PositionFormula formula)
    {
        const int places = 200;
        using var scope = NewDisposeScope();
        foreach (var dim in new[] { 2, 16, 64 })
        {
            var table = new SinusoidalPositions(places, dim, formula).Table.data<float>().ToArray();
            var rows = new PositionRows(places, dim, formula);
            foreach (var place in new[] { 70, 0, 1, 63, 64, places - 1 })
            {
                for (var i = 0; i < dim; i++)
                {
                    Assert.Equal(table[((place + SinusoidalPositions.FirstRow) * dim) + i], rows[place][i]);
                }
            }
        }
    }

    [Fact]
    public unsafe void After_the_last_row_there_is_none()
    {
        var rows = new PositionRows(10, 4, PositionFormula.Fairseq);

        Assert.Equal(
            "place",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                {
                    _ = rows[10][0];
                })
                .ParamName
        );
    }
}
